// Who looked at the patient's record, where they are signed in, and the code from the desk.
import {ask, here} from '../shell/api.js';
import {$, clone, askToRetry, fill, focusOn, show, word} from '../shell/dom.js';
import {complain, onSubmit, reasonOf} from '../shell/form.js';
import {openSignIn, prepareSignIn, signOut} from './sign_in.js';

const RELATIVE = new Intl.RelativeTimeFormat(here.tag, {numeric: 'auto'});
let next;

const only = id => { for (const one of ['waiting', 'sign-in', 'account']) show($(`#${one}`), one === id); };

const ago = instant => {
  const minutes = Math.round((Date.parse(instant) - Date.now()) / 60_000);
  if (Math.abs(minutes) < 60) return RELATIVE.format(minutes, 'minute');
  return Math.abs(minutes) < 1440 ? RELATIVE.format(Math.trunc(minutes / 60), 'hour') : RELATIVE.format(Math.trunc(minutes / 1440), 'day');
};

const tell = text => {
  fill($('#told'), {told: text});
  show($('#told'));
  focusOn($('#told'));
};

const drawEntry = entry => {
  const row = clone('entry');
  fill(row, {who: [entry.who, entry.role].filter(Boolean).join(' · '), did: [entry.action, entry.what].filter(Boolean).join(' · '), when: entry.label});
  show($('.tag', row), entry.emergency);
  return row;
};

const drawLog = (found, more) => {
  next = found.next;
  if (!more) $('#log').replaceChildren();
  $('#log').append(...found.entries.map(drawEntry));
  show($('#log-none'), !$('#log').children.length);
  show($('#log-form'), Boolean(next));
};

const drawSession = session => {
  const row = clone('session'), button = $('button', row), device = session.tablet ? word('tablet') : session.device || word('some-device');
  fill(row, {device, seen: word('seen', {when: ago(session.seen)})});
  show(button, !session.current);
  show($('.tag', row), session.current);
  button.setAttribute('aria-label', word('end-session', {device}));
  button.addEventListener('click', () => end(`sessions/${encodeURIComponent(session.id)}/end`, 'session-ended').catch(refused));
  return row;
};

const drawSessions = ({sessions}) => {
  $('#sessions').replaceChildren(...sessions.map(drawSession));
  show($('#end-all-form'), sessions.length > 1);
};

const end = async (path, told) => {
  drawSessions(await ask(path, {send: {}}));
  tell(word(told));
};

let turn = 0;   // what is still on its way when somebody signs out is drawn no more
const signInHere = (focus, reason) => {
  turn += 1;
  for (const id of ['log', 'sessions']) $(`#${id}`).replaceChildren();
  show($('#sign-out'), false);
  $('#whose').textContent = '\u00a0';
  only('sign-in');
  openSignIn({focus, reason});
};

// A refusal that no form shows.
const refused = problem => {
  if (!problem.type) throw problem;
  if (problem.status === 401) return signInHere(true, word('signed-out'));
  tell(reasonOf(problem));
};

const load = async ({session, focus = false} = {}) => {
  const mine = turn += 1;
  only('waiting');
  try {
    const found = session ?? (await ask('session'));
    if (mine !== turn) return;
    if (!found.signedIn) return signInHere(focus);
    const [log, sessions] = await Promise.all([found.patient ? ask('access-log') : {entries: [], next: null}, ask('sessions')]);
    if (mine !== turn) return;
    const name = found.patient?.name ?? found.email;
    $('#whose').textContent = word('whose', {name});
    show($('#sign-out'));
    drawLog(log);
    drawSessions(sessions);
    only('account');
    if (focus) focusOn($('h1'));
  } catch (problem) {
    if (!problem.type) throw problem;
    if (mine !== turn) return;
    if (problem.status === 401) return signInHere(focus);
    only('none');
    await askToRetry(reasonOf(problem));
    load({focus: true});
  }
};

// A form whose session has ended signs in right here and keeps what was typed.
const kept = work => async answers => {
  try {
    await work(answers);
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    signInHere(true, word('signed-out'));
  }
};

onSubmit($('#link-form'), kept(async answers => {
  try {
    const session = await ask('link', {send: {code: answers.get('link').replace(/\s/g, '').toUpperCase()}});
    $('#link').value = '';
    await load({session});
    tell(word('linked'));
  } catch (problem) {
    if (!['wrong-code', 'code-expired'].includes(problem.type)) throw problem;
    complain($('#link-form'), [{field: 'link', detail: word('wrong-link')}]);
  }
}));
onSubmit($('#log-form'), kept(async () => drawLog(await ask('access-log', {query: {cursor: next}}), true)));
onSubmit($('#end-all-form'), kept(() => end('sessions/end-all', 'sessions-ended')));
$('#sign-out').addEventListener('click', async () => {
  const {signedIn} = await signOut().catch(() => ({signedIn: true}));
  if (signedIn) load({focus: true});
  else signInHere(true);
});
document.addEventListener('signed-out', () => signInHere(true, word('signed-out')));
prepareSignIn(session => load({session, focus: true}));
load();
