// Where staff begin.
import {$, clone, fill, focusOn, say, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {ago, enter, initialsOf, may, me, own, ready, rolesOf, work} from './frame.js';

const drawRecoveries = staff => {
  const waiting = staff.filter(member => member.recovery && !member.recovery.approved);
  $('#recovery-list').replaceChildren(...waiting.map(drawOne));
  fill($('#recoveries'), {waiting: waiting.length});
  show($('#recoveries'), waiting.length > 0);
};

const drawOne = member => {
  const row = clone('recovery'), button = $('button', row);
  fill(row, {name: member.name, initials: initialsOf(member.name), asked: word('asked', {when: ago(member.recovery.at)})});
  button.disabled = member.account === me.account;
  button.addEventListener('click', () => approve(member, button));
  return row;
};

const approve = async (member, button) => {
  if (button.ariaDisabled === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  show($('#recovery-failed'), false);
  try {
    await work(`staff/${encodeURIComponent(member.account)}/approve-recovery`, {send: {}});
    say(word('approved', {name: member.name}));
    await load();
    focusOn($('#recoveries').hidden ? $('h1') : $('#recoveries-title'));
  } catch (problem) {
    if (!problem.type) throw problem;
    $('#recovery-failed').textContent = reasonOf(problem);
    show($('#recovery-failed'));
  } finally {
    button.removeAttribute('aria-disabled');
  }
};

// What waits; a page without it is still of use.
const load = async () => {
  const [staff, factors] = await Promise.all([
    may('approve_recovery') ? work('staff').catch(() => null) : null,
    may('list_factors') ? own('factors').catch(() => null) : null,
  ]);
  if (staff) drawRecoveries(staff.staff);
  show($('#second'), Boolean(factors) && factors.passkeys.length + factors.totp < 2);
};

await enter();
$('#hello').textContent = word('hello', {name: me.name, roles: rolesOf(me.roles), clinic: me.clinic.name});
ready();
await load();
