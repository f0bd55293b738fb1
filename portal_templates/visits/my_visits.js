// Everything a patient has booked.
import {ask, here} from '../shell/api.js';
import {$, askToRetry, clone, count, fill, focusOn, knows, say, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {openSignIn, prepareSignIn, signOut} from '../accounts/sign_in.js';

const only = id => { for (const one of ['waiting', 'sign-in', 'visits']) show($(`#${one}`), one === id); };

const statusOf = visit => {
  if (visit.past && visit.status === 'booked') return word('status-past');
  return knows(`status-${visit.status}`) ? word(`status-${visit.status}`) : visit.status;
};

// A practitioner who has left the clinic has no name here.
const whatOf = ({service, practitioner}) =>
  practitioner.name ? word('what', {service: service.name, name: practitioner.name}) : service.name;

const draw = past => visit => {
  const card = clone('visit-card'), tag = $('.tag', card);
  fill(card, {label: visit.label, what: whatOf(visit), status: statusOf(visit)});
  $('a', card).href = `${here.home}visit/#${visit.id}`;
  card.classList.toggle('is-past', past);
  card.classList.toggle('is-cancelled', visit.status === 'cancelled');
  tag.classList.add(past ? 'is-off' : 'is-ok');
  return card;
};

const LOOKED_AT = 5;   // visits, the next ones, of which it is told what they still want

// What the next visits still want of documents; the page is as good without it.
const hint = async (visit, card) => {
  const {kinds} = await ask(`appointments/${encodeURIComponent(visit.id)}/documents`);
  const left = kinds.filter(kind => kind.needed && ['missing', 'returned', 'refused'].includes(kind.standing)).length;
  fill(card, {wanted: left ? count('left', left) : ''});
  show($('.is-wanted', card), left > 0);
};

// How many forms of the next visit wait, with the way to them.
const PATIENTS_TURN = ['returned', 'not-opened', 'started'];
const hintForms = async (visit, card) => {
  const id = encodeURIComponent(visit.id), {forms} = await ask(`appointments/${id}/responses`), link = $('p a', card);
  const left = forms.filter(({standing}) => PATIENTS_TURN.includes(standing)).length;
  link.textContent = left ? count('forms-left', left) : '';
  link.href = `${here.home}forms/?visit=${id}`;
  show(link, left > 0);
};

const drawAll = ({upcoming, past}) => {
  const cards = upcoming.map(draw(false));
  $('#upcoming').replaceChildren(...cards);
  upcoming.slice(0, LOOKED_AT).forEach((visit, n) => { if (visit.checklist.length) hint(visit, cards[n]).catch(() => {}); });
  if (upcoming.length) hintForms(upcoming[0], cards[0]).catch(() => {});
  $('#past').replaceChildren(...past.map(draw(true)));
  show($('#none'), upcoming.length === 0);
  show($('#more'), upcoming.length > 0);
  show($('#past-group'), past.length > 0);
  say(word('list-loaded', {n: upcoming.length}));
};

const showSession = ({signedIn, patient, email}) => {
  show($('#sign-out'), signedIn);
  show($('#to-account'), signedIn);
  const name = patient ? `${patient.given} ${patient.family}` : email;
  $('#whose').textContent = signedIn ? word('whose', {name}) : '\u00a0';
};

let turn = 0;   // what is still on its way when somebody signs out is drawn no more
const signInHere = (focus, reason) => {
  turn += 1;
  showSession({signedIn: false});
  $('#upcoming').replaceChildren();
  $('#past').replaceChildren();
  only('sign-in');
  openSignIn({focus, reason});
};

const load = async ({session, focus = false} = {}) => {
  const mine = turn += 1;
  only('waiting');
  try {
    const found = session ?? (await ask('session'));
    if (mine !== turn) return;
    if (!found.signedIn) return signInHere(focus);
    showSession(found);
    const visits = found.patient ? await ask('appointments') : {upcoming: [], past: []};
    if (mine !== turn) return;
    drawAll(visits);
    only('visits');
    if (focus) focusOn($('#upcoming-title'));
  } catch (problem) {
    if (!problem.type) throw problem;
    if (mine !== turn) return;
    if (problem.status === 401) return signInHere(focus);
    only('none');
    await askToRetry(reasonOf(problem));
    load({focus: true});
  }
};

prepareSignIn(session => load({session, focus: true}));
$('#sign-out').addEventListener('click', async () => {
  const {signedIn} = await signOut().catch(() => ({signedIn: true}));
  if (signedIn) return load({focus: true});
  signInHere(true);
});
document.addEventListener('signed-out', () => signInHere(true, word('signed-out')));
load();
