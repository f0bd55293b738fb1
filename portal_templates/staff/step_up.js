// A proof in the middle of something: a step-up, or signing in again. Both leave the page as it is. Comes when it is needed.
import {call, here, Refused, tabs} from '../shell/api.js';
import {$, show, word} from '../shell/dom.js';
import {clear, complain, onSubmit, reasonOf} from '../shell/form.js';
import {usePasskey} from './webauthn.js';

const dialog = $('#step-up'), form = $('#step-up-form'), passkey = $('#step-up-passkey');
let options, open;  // what the clinic asks with; while the question is open, what waits for its answer

const finish = async proof => {
  await call('/api/step-up', {send: proof});
  dialog.close('proved');
};

const begin = async () => {
  options = await call('/api/step-up/start', {send: {}});
  show(passkey, Boolean(options.publicKey));
  show($('#step-up-totp'), options.totp);
  show($('#step-up-or'), Boolean(options.publicKey));
  $('#step-up-totp').disabled = !options.totp;
  if (!options.publicKey && !options.totp) complain(form, [{detail: word('no-factor')}]);
};

// Asks for a passkey or an authenticator code; Refused when the person does not want to.
export const prove = async () => {
  if (open) return open.answered;
  clear(form);
  form.reset();
  await begin();
  open = {};
  open.answered = new Promise((resolve, reject) => Object.assign(open, {resolve, reject}));
  dialog.returnValue = '';
  dialog.showModal();
  if (options.publicKey || options.totp) (options.publicKey ? passkey : $('#step-up-code')).focus();
  return open.answered;
};

dialog.addEventListener('close', () => {
  const {resolve, reject} = open;
  open = null;
  if (dialog.returnValue === 'proved') resolve();
  else reject(new Refused({type: 'not-confirmed'}));
});
$('#step-up-no').addEventListener('click', () => dialog.close(''));

passkey.addEventListener('click', async () => {
  if (passkey.ariaDisabled === 'true') return;
  passkey.setAttribute('aria-disabled', 'true');
  clear(form);
  try {
    await finish({credential: await usePasskey(options.publicKey)});
  } catch (problem) {
    if (!problem.type) throw problem;
    complain(form, [{detail: reasonOf(problem)}]);
    if (problem.status) await begin().catch(() => {});  // a challenge answers once
  } finally {
    passkey.removeAttribute('aria-disabled');
  }
});

onSubmit(form, async answers => {
  try {
    await finish({totp: answers.get('step-up-code').replace(/\D/g, '')});
  } catch (problem) {
    if (problem.type !== 'wrong-code') throw problem;
    complain(form, [{field: 'step-up-code', detail: word('wrong-totp')}]);
  }
});

const again = $('#again');
let back, person;

// The page's person is here again: their tab goes on. Somebody else gets a page of their own.
const returned = async (session, me) => {
  if (session.account !== me.account) return location.assign('/');
  if (session.clinic.id !== me.clinic.id) await call('/api/session/clinic', {send: {clinic: me.clinic.id}});
  here.clinic = me.clinic.id;
  again.close('back');
};

// Covers the page until its person has signed in again, here or in another tab.
export const comeBack = me => {
  back ??= new Promise(resolve => {
    // In a weak signal it asks until it knows.
    const look = async () => {
      const session = await call('/api/session').catch(() => null);
      if (session?.signedIn) await returned(session, me);
      if (!session && back) setTimeout(look, 2000);
    };
    tabs.onmessage = ({data}) => { if (data === 'signed-in') look(); };
    again.oncancel = event => event.preventDefault();
    again.onclose = () => {
      if (again.returnValue !== 'back') return again.showModal();
      tabs.onmessage = null;
      back = null;
      resolve();
    };
    person = me;
    again.returnValue = '';
    if (dialog.open) dialog.close('');
    again.showModal();
  });
  return back;
};

onSubmit($('#again-form'), async () => {
  const {publicKey} = await call('/api/staff/sign-in/passkey/start', {send: {}});
  await returned(await call('/api/staff/sign-in/passkey/finish', {send: {credential: await usePasskey(publicKey)}}), person);
});
