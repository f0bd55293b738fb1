// The frame of the staff's pages: who is signed in and where, what they may open, and requests that may want a proof first.
import {ask, call, here, tabs} from '../shell/api.js';
import {$, $$, askToRetry, clone, fill, focusOn, knows, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';

const KEPT = 'frame';  // who was signed in on the page before: the frame is drawn with it until the answer is here
export const me = {};

export const may = (...permissions) => permissions.some(permission => me.permissions?.includes(permission));
export const roleName = role => (knows(`role-${role}`) ? word(`role-${role}`) : role);
export const rolesOf = roles => roles.map(roleName).join(' · ');
export const initialsOf = name => name.split(/\s+/).filter(part => /^\p{Lu}/u.test(part)).map(part => part[0]).slice(-2).join('');

const proofs = () => import('./step_up.js');

// Where a request wants a fresh proof, or the session has ended, that is asked for; then it is sent again.
const surely = async send => {
  try {
    return await send();
  } catch (problem) {
    if (problem.type === 'step-up-needed') await (await proofs()).prove();
    else if (problem.status === 401 && me.account) await (await proofs()).comeBack(me);
    else throw problem;
    return surely(send);
  }
};

// Requests below the clinic, and those about what belongs to the person and to no clinic.
export const work = (path, options) => surely(() => ask(path, options));
export const own = (path, options) => surely(() => call(`/api/${path}`, options));

// What a page cannot be drawn without: asked for until it has come.
export const tried = async asking => {
  for (;;) {
    try {
      return await asking();
    } catch (problem) {
      if (!problem.type) throw problem;
      show($('#waiting'), false);
      await askToRetry(reasonOf(problem));
      show($('#waiting'));
    }
  }
};

const RELATIVE = new Intl.RelativeTimeFormat(here.tag, {numeric: 'auto'});
const UNITS = [['day', 86_400], ['hour', 3600], ['minute', 60]];

// "3 hours ago", "yesterday"; what is hardly past is now.
export const ago = instant => {
  const seconds = (Date.parse(instant) - Date.now()) / 1000;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', Infinity];
  return RELATIVE.format(Math.trunc(seconds / length), unit);
};

const clinicChoice = clinic => {
  const button = clone('clinic-choice'), current = clinic.id === me.clinic.id;
  fill(button, {clinic: clinic.name});
  if (current) button.setAttribute('aria-current', 'true');
  button.addEventListener('click', async () => {
    if (current) return $('#clinics').hidePopover();
    await own('session/clinic', {send: {clinic: clinic.id}});
    sessionStorage.removeItem(KEPT);
    location.assign('/');
  });
  return button;
};

let counting;
const drawEmergency = () => {
  const left = Math.ceil((Date.parse(me.emergencyUntil ?? 0) - Date.now()) / 60_000);
  show($('#emergency'), left > 0);
  document.body.classList.toggle('has-strip', left > 0);
  fill($('#emergency'), {emergency: word('emergency', {n: left})});
  clearTimeout(counting);
  if (left > 0) counting = setTimeout(drawEmergency, 20_000);
};

export const draw = session => {
  for (const part of Object.keys(me)) delete me[part];  // what the new answer leaves out is no longer so
  Object.assign(me, session);
  here.clinic = me.clinic.id;
  const others = me.clinics ?? [];
  fill(document, {
    'my-clinic': me.clinic.name, 'my-name': me.name, 'my-initials': initialsOf(me.name), 'my-email': me.email,
    'my-role': roleName(me.roles[0]), 'my-roles': rolesOf(me.roles),
  });
  $('#where').disabled = others.filter(clinic => clinic.id !== me.clinic.id).length === 0;
  $('#clinics').replaceChildren(...[me.clinic, ...others.filter(clinic => clinic.id !== me.clinic.id)].map(clinicChoice));
  for (const item of $$('[data-needs]')) show(item, may(...item.dataset.needs.split(' ')));
  drawEmergency();
};

const NEVER = new Promise(() => {});

const leave = address => {
  sessionStorage.removeItem(KEPT);
  location.replace(address);
  return NEVER;
};

const refusePage = () => {
  const told = clone('not-yours');
  show($('#waiting'), false);
  $('main').append(told);
  focusOn($('h2', told));
  return NEVER;
};

// Resolves once it is known who is here and that they may see this page (one of `needs`, if any are named).
export const enter = async (...needs) => {
  const kept = sessionStorage.getItem(KEPT);
  if (kept) draw(JSON.parse(kept));
  const session = await tried(() => call('/api/session'));
  if (!session.signedIn) return leave(`/sign-in/#next=${encodeURIComponent(location.pathname + location.hash)}`);
  if (session.enrolling) return leave('/set-up/');
  draw(session);
  sessionStorage.setItem(KEPT, JSON.stringify(session));
  if (needs.length && !may(...needs)) return refusePage();
};

// One tap of a button outside any form, and one at a time; a refusal goes to whoever tells it.
export const onTap = (button, act, refused) => button.addEventListener('click', async () => {
  if (button.ariaDisabled === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await act();
  } catch (problem) {
    if (!problem.type) throw problem;
    refused(problem);
  } finally {
    button.removeAttribute('aria-disabled');
  }
});

// What stood in for the page makes room for it.
export const ready = () => {
  show($('#waiting'), false);
  show($('#content'));
};

$('#sign-out').addEventListener('click', async () => {
  await ask('sign-out', {send: {}}).catch(() => {});
  tabs.postMessage('signed-out');
  leave('/sign-in/');
});
document.addEventListener('signed-out', async () => {
  sessionStorage.removeItem(KEPT);
  (await proofs()).comeBack(me);
});
