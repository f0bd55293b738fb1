// A visit's documents: what it needs, what was sent, and sending it. What was chosen stays here until it is through.
import {ask, here, Refused} from '../shell/api.js';
import {$, $$, askToRetry, clone, count, fill, focusOn, say, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {drawDocument, nameOf, nameWays, newSheet, stateOf} from './sheet.js';

const PATIENTS_TURN = ['missing', 'returned', 'refused'];

const jobs = [];   // files on their way, see sending.js; `key` names a job's sheet, and that of the file it becomes
const cards = new Map(), sheets = new Map(), keys = new Map();
let visit, target, out, asked = 0;

const visitId = () => decodeURIComponent(location.hash.slice(1));
const only = id => { for (const one of ['waiting', 'documents', 'missing', 'sign-in']) show($(`#${one}`), one === id); };
const kindOf = id => visit.kinds.find(kind => kind.id === id);
const files = () => visit.kinds.flatMap(kind => kind.documents);

const sheetOf = key => {
  if (!sheets.has(key)) sheets.set(key, newSheet(key));
  return sheets.get(key);
};
const keyOf = document => keys.get(document.id) ?? document.id;

// Moves nothing that stands where it should: what has the focus keeps it.
const place = (list, wanted) => {
  if (wanted.length !== list.children.length || wanted.some((element, n) => element !== list.children[n])) list.replaceChildren(...wanted);
};

// A file in whose place another is on its way is not shown.
const shown = kind => {
  const coming = new Set(jobs.flatMap(job => [job.document?.id, ...(job.state === 'failed' ? [] : [job.first, job.replaces])]));
  for (const {replaces, state} of kind.documents) if (replaces && state !== 'refused' && state !== 'awaiting') coming.add(replaces);
  return kind.documents.filter(document => !coming.has(document.id));
};

const alive = kind => jobs.filter(job => job.kind === kind.id && job.state !== 'failed');

const roomIn = kind => {
  const files = shown(kind).filter(document => document.state !== 'refused').length;
  return kind.pages - files - alive(kind).length;
};

const cardOf = kind => {
  if (cards.has(kind.id)) return cards.get(kind.id);
  const card = clone('kind');
  card.dataset.kind = kind.id;
  cards.set(kind.id, card);
  return card;
};

const drawTag = (card, kind, busy) => {
  const tag = $('.tag', card), standing = kind.standing === 'stuck' ? 'checking' : kind.standing;
  const turn = !busy && PATIENTS_TURN.includes(standing), there = !busy && ['sent', 'accepted'].includes(standing);
  show(tag, busy || kind.needed || standing !== 'missing');
  fill(tag, {standing: word(busy ? 'is-ready' : `is-${standing}`)});
  for (const [icon, on] of [['turn', turn], ['there', there], ['way', !turn && !there]]) $(`.i-${icon}`, tag).toggleAttribute('hidden', !on);
  tag.classList.toggle('is-ok', there);
  tag.classList.toggle('is-warn', turn);
};

const drawKind = kind => {
  const card = cardOf(kind), own = jobs.filter(job => job.kind === kind.id), there = shown(kind);
  const busy = alive(kind).length, some = there.length + busy > 0;
  drawTag(card, kind, busy > 0);
  fill(card, {name: kind.name, comment: [kind.comment, kind.pages > 1 && count('up-to', kind.pages)].filter(Boolean).join(' · ')});
  nameWays($(':scope > .ways', card), some ? 'add-page' : 'take-photo', 'choose-file', kind.name);
  show($(':scope > .ways', card), visit.open && roomIn(kind) > 0 && (kind.pages > 1 || !some));
  const drawn = [
    ...there.map(document => ({page: document.page, sheet: sheetOf(keyOf(document)), draw: sheet => drawDocument(sheet, document, kind, visit.open)})),
    ...own.map(job => ({page: job.page, sheet: sheetOf(job.key), draw: sheet => out.drawJob(sheet, job, kind)})),
  ].sort((one, other) => one.page - other.page);
  place($('.sheets', card), drawn.map(({sheet}) => sheet));
  for (const {sheet, draw} of drawn) draw(sheet);
  return card;
};

const drawSoFar = () => {
  const needed = visit.kinds.filter(kind => kind.needed), left = needed.filter(kind => PATIENTS_TURN.includes(kind.standing)).length;
  const sent = needed.length - left, meter = $('#meter');
  const more = left ? count('left', left) : needed.length ? word('all-sent') : '';
  fill($('#so-far'), {sent: needed.length ? word('sent-of', {n: sent, all: needed.length}) : word('none-needed'), left: visit.open ? more : ''});
  meter.max = needed.length || 1;
  meter.value = sent;
  show(meter, needed.length > 0);
};

const draw = () => {
  $('#which').textContent = word('which', {service: visit.service, when: visit.label});
  $('#back').href = `${here.home}visit/#${visitId()}`;
  show($('#closed'), !visit.open);
  drawSoFar();
  place($('#needed'), visit.kinds.filter(kind => kind.needed).map(drawKind));
  place($('#others'), visit.kinds.filter(kind => !kind.needed && (visit.open || kind.documents.length)).map(drawKind));
  show($('#others-group'), $('#others').children.length > 0);
};

// Asks what the visit has; an answer that another has overtaken is not shown.
const refresh = async () => {
  const mine = ++asked, found = await ask(`appointments/${encodeURIComponent(visitId())}/documents`);
  if (mine !== asked) return;
  visit = found;
  draw();
  const checked = files().filter(document => stateOf(document) === 'checking');
  if (checked.length) outgoing().then(({watch}) => checked.forEach(document => watch(page, document)));
};

// What the modules that come later do their work with.
const page = {jobs, keys, kindOf, cardOf, sheetOf, draw, refresh, outgoing: () => outgoing(), visit: visitId};

// What only somebody who sends needs comes when they begin, and is asked for until it has come.
const outgoing = async () => {
  for (;;) {
    try {
      return (out ??= await import('./outgoing.js'));
    } catch {
      await new Promise(done => { setTimeout(done, 2000); });
    }
  }
};

for (const input of [$('#camera'), $('#file')]) {
  input.addEventListener('change', async () => {
    const chosen = [...input.files], {kind, document} = target;
    input.value = '';
    if (chosen.length) (await outgoing()).take(page, chosen, kindOf(kind), files().find(one => one.id === document), roomIn(kindOf(kind)));
  });
}

// All that is done with one file comes when it is asked for, too.
const act = (button, about) => import('./looking.js').then(({acts}) => acts[button.dataset.act](page, about, button)).catch(problem => {
  say(reasonOf(problem.type ? problem : {type: 'unreachable'}));
});

$('#documents').addEventListener('click', ({target: touched}) => {
  const button = touched.closest('button');
  if (!button) return;
  const kind = kindOf(button.closest('.kind').dataset.kind), key = button.closest('.sheet')?.dataset.key;
  const document = key && kind.documents.find(one => keyOf(one) === key);
  if (!button.dataset.way) return act(button, {kind, document, job: jobs.find(one => one.key === key)});
  target = {kind: kind.id, document: document?.id};
  const input = $(`#${button.dataset.way}`);
  input.multiple = button.dataset.way === 'file' && !document && roomIn(kind) > 1;
  input.click();
  return outgoing();
});

let signIn;

// What stands on the page is covered at once; what was chosen stays.
const signInHere = async (focus, reason) => {
  only('none');
  for (const dialog of $$('dialog[open]')) dialog.close();
  try {
    if (!signIn) {
      signIn = await import('../accounts/sign_in.js');
      signIn.prepareSignIn(() => load(true));
    }
    only('sign-in');
    signIn.openSignIn({focus, reason});
  } catch {
    await askToRetry(word('unreachable'));
    signInHere(true, reason);
  }
};

const load = async focus => {
  only('waiting');
  try {
    if (!visitId()) throw new Refused({status: 404, type: 'not-found'});
    await refresh();
    only('documents');
    if (focus) focusOn($('h1'));
    for (const job of jobs) if (job.state === 'waiting') job.again?.();
  } catch (problem) {
    if (!problem.type) throw problem;
    if (problem.status === 401) return signInHere(focus);
    if (problem.status === 404 || problem.status === 403) return only('missing'), focusOn($('#missing'));
    only('none');
    await askToRetry(reasonOf(problem));
    load(true);
  }
};

document.addEventListener('signed-out', () => signInHere(true, word('signed-out')));
addEventListener('hashchange', () => location.reload());
addEventListener('beforeunload', event => { if (jobs.some(job => job.state !== 'failed')) event.preventDefault(); });
load(false);
