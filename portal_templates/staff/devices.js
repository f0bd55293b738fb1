// One's passkeys, authenticator and sessions.
import {$, clone, fill, focusOn, show, word} from '../shell/dom.js';
import {clear, onSubmit, reasonOf} from '../shell/form.js';
import {ago, enter, me, own, ready, tried, work} from './frame.js';

const factoring = () => import('./factors.js');
let removal;   // what the dialog asks about: {what, path}
let prepared;  // whether the authenticator's form is wired up

const tell = (text, bad = false) => {
  fill($('#told'), {told: text});
  $('#told').classList.toggle('is-bad', bad);
  show($('#told svg'), !bad);
  show($('#told svg + svg'), bad);
  show($('#told'));
  focusOn($('#told'));
};

const askToRemove = (what, path) => {
  removal = {what, path};
  fill($('#removing'), {what});
  clear($('#remove-form'));
  $('#removing').showModal();
};

const drawPasskey = passkey => {
  const row = clone('passkey'), button = $('button', row);
  const used = passkey.lastUsed ? word('used', {when: ago(passkey.lastUsed)}) : word('unused', {when: ago(passkey.made)});
  fill(row, {label: passkey.label, used});
  button.setAttribute('aria-label', word('remove', {what: passkey.label}));
  button.addEventListener('click', () => askToRemove(passkey.label, `passkeys/${encodeURIComponent(passkey.id)}/remove`));
  return row;
};

const drawFactors = ({passkeys, totp}) => {
  $('#passkeys').replaceChildren(...passkeys.map(drawPasskey));
  show($('#no-passkeys'), passkeys.length === 0);
  $('#totp-state').textContent = word(totp ? 'on' : 'off');
  $('#totp-state').classList.toggle('is-ok', totp);
  $('#totp-state').classList.toggle('is-off', !totp);
  $('#add-totp span').textContent = word(totp ? 'set-up-anew' : 'set-up');
  show($('#remove-totp'), totp);
};

const drawSession = session => {
  const row = clone('session'), button = $('button', row), device = session.device || word('some-device');
  const several = me.clinics?.length > 0;
  fill(row, {device, seen: word(several ? 'seen-at' : 'seen', {when: ago(session.seen), clinic: session.clinic?.name})});
  show(button, !session.current);
  show($('.tag', row), session.current);
  button.setAttribute('aria-label', word('end-session', {device}));
  button.addEventListener('click', () => end(`sessions/${encodeURIComponent(session.id)}/end`, word('session-ended')).catch(problem => tell(reasonOf(problem), true)));
  return row;
};

const drawSessions = ({sessions}) => {
  $('#sessions').replaceChildren(...sessions.map(drawSession));
  show($('#end-all-form'), sessions.length > 1);
};

const end = async (path, told) => {
  drawSessions(await work(path, {send: {}}));
  tell(told);
};

const totpAdded = factors => {
  $('#totp-dialog').close();
  drawFactors(factors);
  tell(word('added'));
};

const openTotp = async () => {
  const {prepareTotp, startTotp} = await factoring();
  if (!prepared) prepareTotp(own, totpAdded);
  prepared = true;
  await startTotp(own);
  $('#totp-dialog').showModal();
  $('#totp').focus();
};

onSubmit($('#passkey-form'), async answers => {
  const {addPasskey} = await factoring();
  drawFactors(await addPasskey(own, answers.get('label').trim()));
  $('#adding').close();
  $('#passkey-form').reset();
  tell(word('added'));
  drawSessions(await work('sessions'));  // this one has been renewed
});
onSubmit($('#remove-form'), async () => {
  drawFactors(await own(removal.path, {send: {}}));
  $('#removing').close();
  tell(word('removed'));
});
onSubmit($('#end-all-form'), () => end('sessions/end-all', word('sessions-ended')));
$('#add-passkey').addEventListener('click', () => { clear($('#passkey-form')); $('#adding').showModal(); });
$('#add-totp').addEventListener('click', () => openTotp().catch(problem => tell(reasonOf(problem), true)));
$('#remove-totp').addEventListener('click', () => askToRemove(word('app'), 'totp/remove'));
$('#passkey-no').addEventListener('click', () => $('#adding').close());
$('#remove-no').addEventListener('click', () => $('#removing').close());
$('#totp-no').addEventListener('click', () => $('#totp-dialog').close());

await enter();
const [factors, sessions] = await tried(() => Promise.all([own('factors'), work('sessions')]));
drawFactors(factors);
drawSessions(sessions);
ready();
