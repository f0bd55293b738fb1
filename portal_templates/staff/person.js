// One of the people: roles, getting back in, leaving.
import {$, fill, focusOn, show, word} from '../shell/dom.js';
import {clear, onSubmit} from '../shell/form.js';
import {ago, enter, initialsOf, me, own, ready, tried, work} from './frame.js';
import {chosenRoles, loadPractitioners, setRoles} from './roles.js';

const dialog = $('#deactivating');
let member;

const wanted = () => new URLSearchParams(location.hash.slice(1));
const path = action => `staff/${encodeURIComponent(member.account)}/${action}`;

const draw = found => {
  member = found;
  const here = !member.clinic || member.clinic.id === me.clinic.id, self = member.account === me.account, left = member.status === 'inactive';
  fill(document, {name: member.name, initials: initialsOf(member.name), email: member.email});
  setRoles(member.roles, member.practitioner);
  show($('#elsewhere'), !here);
  fill($('#elsewhere'), {elsewhere: word('works-at', {name: member.name, clinic: member.clinic?.name})});
  show($('#roles-form'), here);
  show($('#self'), self);
  show($('#save'), !self);
  for (const input of $('#roles-form').elements) if (input.name) input.disabled = self;
  show($('#recovery'), here && !self && Boolean(member.recovery) && !member.recovery.approved);
  if (member.recovery) fill($('#recovery'), {asked: word('asked', {when: ago(member.recovery.at)})});
  show($('#invited'), here && member.status === 'invited');
  show($('#leaving'), here && !self && !left);
};

const tell = text => {
  fill($('#told'), {told: text});
  show($('#told'));
  focusOn($('#told'));
};

const load = async () => {
  const query = {across: me.roles.includes('group-manager') && 'true'};
  const {staff} = await tried(() => work('staff', {query}));
  const clinic = wanted().get('c') ?? me.clinic.id;
  const found = staff.find(one => one.account === wanted().get('a') && (one.clinic?.id ?? me.clinic.id) === clinic);
  show($('#missing'), !found);
  show($('#head'), Boolean(found));
  if (found) draw(found);
  return Boolean(found);
};

// Sends what was decided, shows how things stand then, and says so.
const decide = async (action, send, told) => {
  draw({clinic: member.clinic, ...(await work(path(action), {send}))});
  tell(told());
};

onSubmit($('#roles-form'), async () => {
  const send = {...chosenRoles(), version: member.version};
  try {
    await decide('roles', send, () => word('saved'));
  } catch (problem) {
    if (problem.status !== 412) throw problem;
    await load();
    tell(word('changed'));
  }
});
onSubmit($('#approve-form'), () => decide('approve-recovery', {}, () => word('approved', {name: member.name})));
onSubmit($('#deactivate-form'), async () => {
  await decide('deactivate', {}, () => word('ended', {name: member.name}));
  dialog.close();
  focusOn($('#told'));
});
onSubmit($('#invite-form'), async () => {
  const {name, email, roles, practitioner} = member;
  const send = {name, email, roles, ...(practitioner && {practitioner})};
  draw({clinic: member.clinic, ...(await work('staff', {send, headers: {'Idempotency-Key': crypto.randomUUID()}}))});
  tell(word('sent-again', {email}));
});
onSubmit($('#switch-form'), async () => {
  await own('session/clinic', {send: {clinic: member.clinic.id}});
  location.reload();
});
$('#deactivate').addEventListener('click', () => {
  clear($('#deactivate-form'));
  dialog.showModal();
});
$('#deactivate-no').addEventListener('click', () => dialog.close());
addEventListener('hashchange', () => location.reload());

await enter('list_staff');
await loadPractitioners();
if (await load()) ready();
else {
  show($('#waiting'), false);
  focusOn($('#missing'));
}
