// Who works here, and inviting somebody.
import {$, $$, clone, count, fill, focusOn, say, show, word} from '../shell/dom.js';
import {clear, onSubmit} from '../shell/form.js';
import {enter, initialsOf, may, me, ready, rolesOf, tried, work} from './frame.js';
import {chosenRoles, loadPractitioners, setRoles} from './roles.js';

const TAGS = {active: 'is-ok', invited: 'is-warn', inactive: 'is-off'};
const dialog = $('#inviting');
let staff = [], key;

const tag = (text, kind) => {
  const made = clone('tag');
  made.textContent = text;
  made.classList.add(kind);
  return made;
};

const draw = member => {
  const row = clone('member'), link = $('a', row);
  fill(row, {name: member.name, initials: initialsOf(member.name), roles: rolesOf(member.roles)});
  link.href = `/person/#a=${encodeURIComponent(member.account)}&c=${encodeURIComponent(member.clinic?.id ?? me.clinic.id)}`;
  if (member.recovery) $('.tags', row).append(tag(word('wants-back'), 'is-warn'));
  $('.tags', row).append(tag(word(`status-${member.status}`), TAGS[member.status]));
  return row;
};

// The clinic one is signed in to stands first.
const groupsOf = members => {
  const groups = new Map([[me.clinic.id, {clinic: me.clinic, members: []}]]);
  for (const member of members) {
    const clinic = member.clinic ?? me.clinic;
    if (!groups.has(clinic.id)) groups.set(clinic.id, {clinic, members: []});
    groups.get(clinic.id).members.push(member);
  }
  return [...groups.values()].filter(group => group.members.length);
};

const drawGroup = ({clinic, members}) => {
  const group = clone('group');
  fill(group, {clinic: clinic.name, n: count('people', members.length)});
  $('ul', group).append(...members.map(draw));
  return group;
};

const drawAll = () => {
  const part = $('#name-part').value.trim().toLocaleLowerCase(), status = $('input[name=status]:checked').value;
  const named = staff.filter(member => `${member.name} ${member.email}`.toLocaleLowerCase().includes(part));
  const shown = named.filter(member => !status || member.status === status);
  for (const place of $$('[data-count]')) {
    place.textContent = named.filter(member => !place.dataset.count || member.status === place.dataset.count).length;
  }
  $('#groups').replaceChildren(...groupsOf(shown).map(drawGroup));
  show($('#none'), shown.length === 0);
};

const load = async () => {
  const query = {across: me.roles.includes('group-manager') && 'true'};
  staff = (await tried(() => work('staff', {query}))).staff;
  drawAll();
};

const openInvite = () => {
  key = crypto.randomUUID();
  clear($('#invite-form'));
  setRoles([]);
  dialog.showModal();
};

onSubmit($('#invite-form'), async answers => {
  const [name, email] = ['name', 'email'].map(part => answers.get(part).trim());
  const {roles, practitioner} = chosenRoles();
  const send = {name, email, roles, ...(practitioner && {practitioner})};
  try {
    await work('staff', {send, headers: {'Idempotency-Key': key}});
  } catch (problem) {
    if (!problem.unsure) key = crypto.randomUUID();  // an answer that was lost is asked for again under the same key
    throw problem;
  }
  dialog.close();
  $('#invite-form').reset();
  fill($('#told'), {told: word('invited', {name, email})});
  show($('#told'));
  await load();
  focusOn($('#told'));
});

$('#find').addEventListener('input', () => {
  drawAll();
  say(count('people', $$('#groups li').length));
});
$('#find').addEventListener('submit', event => event.preventDefault());
$('#open-invite').addEventListener('click', openInvite);
$('#invite-no').addEventListener('click', () => dialog.close());

await enter('list_staff');
await load();
ready();
loadPractitioners();
if (location.hash === '#inviting' && may('invite_staff')) openInvite();
