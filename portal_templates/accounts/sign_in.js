// Signing in with a mailed code, in two steps on the page that needs it.
import {ask, tabs} from '../shell/api.js';
import {$, fill, focusOn, say, show, word} from '../shell/dom.js';
import {clear, complain, onSubmit, reasonOf} from '../shell/form.js';

const PAUSE = 30;            // seconds before another code can be asked for
const REMEMBERED = 600_000;  // milliseconds for which a reload comes back to the code
const MARK = 'code-sent';    // holds only when a code was asked for: no address is left on the device

const sent = () => Date.now() - Number(sessionStorage.getItem(MARK) ?? 0) < REMEMBERED;

let counting;
const countDown = () => {
  const button = $('#resend'), label = $('span', button), until = Date.now() + PAUSE * 1000;
  clearInterval(counting);
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    label.textContent = left > 0 ? word('resend-in', {n: left}) : word('resend');
    if (left <= 0) clearInterval(counting);
  };
  tick();
  counting = setInterval(tick, 1000);
};

const step = (name, focus) => {
  show($('#email-form'), name === 'email');
  show($('#code-form'), name === 'code');
  if (focus) focusOn($(`#${name}-form h2`));
};

const start = async () => {
  const email = $('#email').value.trim();
  const {minutes} = await ask('sign-in/start', {send: {email}});
  sessionStorage.setItem(MARK, Date.now());
  fill($('#code-form'), {sent: word('sent-to', {email, minutes})});
  $('#code').value = '';
  countDown();
};

// What somebody else has kept of forms in this browser goes.
const purge = async patient => {
  if ((await indexedDB.databases?.() ?? []).length) await import('../intake/drafts.js').then(({keepOnly}) => keepOnly(patient));
};

// Wires the section up. `done(session)` is called when somebody has signed in.
export const prepareSignIn = done => {
  onSubmit($('#email-form'), async () => {
    await start();
    step('code', true);
  });
  onSubmit($('#code-form'), async answers => {
    const session = await ask('sign-in/verify', {send: {code: answers.get('code').replace(/\D/g, '')}});
    sessionStorage.removeItem(MARK);
    $('#code').value = '';
    show($('#sign-in'), false);
    await purge(session.patient?.id).catch(() => {});
    await done(session);
  });
  $('#other-email').addEventListener('click', () => {
    sessionStorage.removeItem(MARK);
    step('email', true);
  });
  $('#resend').addEventListener('click', async () => {
    const form = $('#code-form');
    if (!$('#email').value) return step('email', true);
    clear(form);
    try {
      await start();
      say(word('sent-again'));
    } catch (problem) {
      complain(form, [{detail: reasonOf(problem)}]);
    }
  });
};

// Opens the section where it was left; `reason` (a sentence) says why it is needed in the middle of something.
export const openSignIn = ({reason, focus = false} = {}) => {
  show($('#sign-in'));
  const toCode = !reason && sent();
  if (toCode && !$('#code-form [data-text=sent]').textContent) {
    fill($('#code-form'), {sent: word('sent')});
    countDown();
  }
  step(toCode ? 'code' : 'email', focus && !reason);
  if (reason) complain($('#email-form'), [{detail: reason}]);
};

// The session afterwards, and nothing of what was typed left on the device; one that was over already is over.
export const signOut = async () => {
  sessionStorage.removeItem(MARK);
  const session = await ask('sign-out', {send: {}}).catch(problem => {
    if (problem.status === 401) return {signedIn: false, patient: null};
    throw problem;
  });
  indexedDB.deleteDatabase('answers');   // intake/keeping.js
  tabs.postMessage('signed-out');
  return session;
};
