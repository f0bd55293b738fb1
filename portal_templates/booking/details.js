// Who the visit is for: sign in, introduce oneself once, book. The choice comes from the address and stays there.
import {ask, here, Refused} from '../shell/api.js';
import {$, askToRetry, fill, focusOn, show, word, knows} from '../shell/dom.js';
import {onSubmit, reasonOf} from '../shell/form.js';
import {openSignIn, prepareSignIn, signOut} from '../accounts/sign_in.js';
import {showChoice} from './choice.js';

const chosen = new URLSearchParams(location.search);
const form = $('#book');
const OTHER_TIME = ['slot-taken', 'key-reused', 'too-soon', 'too-far', 'outside-hours', 'cap-reached'];
const NOTE = 'booking note';  // only on the way to another time and back, then it is gone from the device
let session;
let gone = false;

const only = id => { for (const one of ['waiting', 'sign-in', 'book']) show($(`#${one}`), one === id); };

// One key for one choice, kept over reloads, so that a booking sent twice is booked once.
const keyName = ['booking', here.clinic, chosen.get('service'), chosen.get('practitioner') ?? '', chosen.get('start')].join(' ');
const key = () => {
  if (!sessionStorage.getItem(keyName)) sessionStorage.setItem(keyName, crypto.getRandomValues(new Uint32Array(4)).join('-'));
  return sessionStorage.getItem(keyName);
};

const showSession = focus => {
  if (gone) return only('none');
  if (!session.signedIn) {
    only('sign-in');
    return openSignIn({focus});
  }
  const {patient} = session, register = $('#register');
  only('book');
  show($('#who'), true);
  fill($('#who'), {name: patient ? `${patient.given} ${patient.family}` : session.email, email: patient ? session.email : ''});
  show(register, !patient);
  register.disabled = Boolean(patient);
  if (focus) focusOn(patient ? $('#who') : $('h2', register));
};

const showGone = type => {
  const more = knows(`${type}-more`) ? `${type}-more` : 'other-time';
  const notice = $('#gone');
  gone = true;
  only('none');
  fill(notice, {title: word(type), detail: word(more)});
  show(notice);
  focusOn(notice);
};

const birthDate = answers => {
  const [year, month, day] = ['year', 'month', 'day'].map(part => answers.get(`birth-${part}`).trim());
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = /^\d{4}$/.test(year) && date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day) && date < Date.now();
  return real ? date.toISOString().slice(0, 10) : null;
};

const register = async answers => {
  const born = birthDate(answers);
  if (!born) throw new Refused({type: 'look-again', errors: [{field: 'birthDate'}]});
  const trimmed = name => answers.get(name).trim();
  const send = {given: trimmed('given'), family: trimmed('family'), birthDate: born};
  if (trimmed('telephone')) send.telephone = trimmed('telephone');
  session = await ask('patients', {send}).catch(problem => {
    if (problem.type === 'already-registered') return ask('session');  // in another tab, or its answer was lost
    throw problem;
  });
  showSession(false);
};

const book = async answers => {
  const send = {service: chosen.get('service'), start: chosen.get('start')};
  if (chosen.get('practitioner')) send.practitioner = chosen.get('practitioner');
  if (answers.get('note').trim()) send.note = answers.get('note').trim();
  const {id, warnings} = await ask('appointments', {send, headers: {'Idempotency-Key': key()}});
  sessionStorage.removeItem(keyName);
  const overlap = warnings.find(warning => warning.type === 'overlap');
  if (overlap) sessionStorage.setItem('overlap', overlap.detail);
  location.replace(`${here.home}book/done/#${id}`);
};

const signInAgain = () => {
  session = {signedIn: false};
  only('sign-in');
  openSignIn({reason: word('signed-out')});
};
document.addEventListener('signed-out', signInAgain);

// What to do about a refusal; what is not known here is said at the form.
const answerRefusal = async problem => {
  if (problem.unsure) {
    session.stale = true;
    throw Object.assign(problem, {type: problem.type === 'unreachable' ? 'kept' : problem.type});
  }
  if (problem.status !== 401) sessionStorage.removeItem(keyName);  // once signed in again, the same request finds its answer
  if (problem.status === 401) return signInAgain();
  if (problem.type === 'not-registered') {
    session = {...session, patient: null};
    showSession(false);
  }
  if (OTHER_TIME.includes(problem.type)) return showGone(problem.type);
  throw problem;
};

onSubmit(form, async answers => {
  try {
    if (session.stale) session = await ask('session');
    if (!session.signedIn) throw new Refused({status: 401, type: 'signed-out'});
    if (!session.patient) await register(answers);
    await book(answers);
  } catch (problem) {
    if (!problem.type) throw problem;
    await answerRefusal(problem);
  }
});

prepareSignIn(found => {
  session = found;
  showSession(true);
});

$('#sign-out').addEventListener('click', async () => {
  session = await signOut().catch(() => session);
  if (!session.signedIn) form.reset();
  showSession(true);
});

// The chosen time in the clinic's words, and whether it is still free.
const showTime = async () => {
  const start = chosen.get('start'), day = chosen.get('day');
  const query = {service: chosen.get('service'), practitioner: chosen.get('practitioner'), from: day, days: day ? 1 : 14};
  const {days, zoneLabel} = await ask('slots', {query}).catch(problem => {
    if (problem.status === 422) return {days: []};  // a day that is past: trying again would not help
    throw problem;
  });
  const found = days.flatMap(one => one.slots.map(slot => ({...slot, day: one.label}))).find(slot => slot.start === start);
  fill($('#when'), {day: found?.day ?? word('gone'), time: found?.time, zone: found && zoneLabel});
  if (!found) showGone('gone');
};

const load = async () => {
  only('waiting');
  try {
    [session] = await Promise.all([ask('session'), showTime()]);
  } catch (problem) {
    show($('#waiting'), false);
    await askToRetry(reasonOf(problem));
    return load();
  }
  showSession(false);
};

$('#other-times').addEventListener('click', () => {
  if ($('#note').value) sessionStorage.setItem(NOTE, $('#note').value);
});
$('#note').value = sessionStorage.getItem(NOTE) ?? '';
sessionStorage.removeItem(NOTE);
for (const id of ['back', 'change-time', 'other-times']) $(`#${id}`).href = `${here.home}book/time/${location.search}`;
if (showChoice(chosen) && chosen.get('start')) load();
else location.replace(`${here.home}book/`);
