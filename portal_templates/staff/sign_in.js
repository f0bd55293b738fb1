// Signing in: a passkey, or a mailed code and the authenticator's at once. Leads on to the page that was asked for.
import {call, tabs} from '../shell/api.js';
import {$, focusOn, show, word} from '../shell/dom.js';
import {onSubmit} from '../shell/form.js';
import {able, usePasskey} from './webauthn.js';

// Only ever a page of this host. It stands behind the #, since what it names (a patient) must be in no log.
const onward = () => {
  const next = new URLSearchParams(location.hash.slice(1)).get('next') ?? '/';
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : location;
  const away = url.origin !== location.origin || url.pathname.startsWith('//') || url.pathname.startsWith('/sign-in');
  return away ? '/' : url.origin + url.pathname + url.hash;
};

const enter = session => {
  tabs.postMessage('signed-in');
  location.replace(session.enrolling ? '/set-up/' : onward());
};

const openCodes = () => {
  show($('#codes'));
  show($('#other-way'), false);
  show($('#or'), able());
  $('#other-way').setAttribute('aria-expanded', 'true');
};

onSubmit($('#passkey-form'), async () => {
  const {publicKey} = await call('/api/staff/sign-in/passkey/start', {send: {}});
  enter(await call('/api/staff/sign-in/passkey/finish', {send: {credential: await usePasskey(publicKey)}}));
});
$('#other-way').addEventListener('click', () => {
  openCodes();
  $('#email').focus();
});

onSubmit($('#email-form'), async answers => {
  const email = answers.get('email').trim();
  const {minutes} = await call('/api/staff/sign-in/start', {send: {email}});
  $('#sent').textContent = word('sent-to', {email, minutes});
  show($('#email-form'), false);
  show($('#codes-form'));
  focusOn($('#sent'));
});

onSubmit($('#codes-form'), async answers => {
  const [code, totp] = ['code', 'totp'].map(name => answers.get(name).replace(/\D/g, ''));
  enter(await call('/api/staff/sign-in/verify', {send: {code, totp}}));
});

$('#other-email').addEventListener('click', () => {
  show($('#codes-form'), false);
  $('#codes-form').reset();
  show($('#email-form'));
  $('#email').focus();
});

for (const button of [$('#passkey-form button'), $('#other-way')]) button.disabled = false;
if (!able()) {
  show($('#passkey-form'), false);
  openCodes();
}
call('/api/session').then(session => { if (session.signedIn) enter(session); }).catch(() => {});
