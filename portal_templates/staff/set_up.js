// The first factor of somebody who was invited or has got back in; then the portal opens.
import {call, here} from '../shell/api.js';
import {$, askToRetry, show, word} from '../shell/dom.js';
import {onSubmit, reasonOf} from '../shell/form.js';
import {addPasskey, prepareTotp, startTotp} from './factors.js';

const send = (path, options) => call(`/api/${path}`, options);
const open = () => location.replace('/');
const choose = on => {
  show($('#ways'), on);
  show($('#totp-part'), !on);
};

onSubmit($('#passkey-form'), async () => {
  await addPasskey(send);
  open();
});
onSubmit($('#totp-start'), async () => {
  choose(false);
  await startTotp(send).catch(problem => { choose(true); throw problem; });
});
prepareTotp(send, open);
$('#totp-no').addEventListener('click', () => {
  choose(true);
  $('#totp-start button').focus();
});

document.addEventListener('signed-out', () => location.replace('/sign-in/'));

const load = async () => {
  try {
    const session = await call('/api/session');
    if (!session.signedIn) return location.replace('/sign-in/');
    if (!session.enrolling) return open();
    here.clinic = session.clinic.id;
    show($('#waiting'), false);
    choose(true);
    $('#hello').textContent = word('welcome', {clinic: session.clinic.name, name: session.name});
  } catch (problem) {
    if (!problem.type) throw problem;
    await askToRetry(reasonOf(problem));
    load();
  }
};
load();
