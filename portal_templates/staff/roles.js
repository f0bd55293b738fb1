// Choosing somebody's roles, and who they are in the booking.
import {Refused} from '../shell/api.js';
import {$, $$, show} from '../shell/dom.js';
import {work} from './frame.js';

const SEEN = ['practitioner', 'nurse'];  // roles of people whom patients may book
const boxes = $$('input[name=roles]');

const follow = () => show($('#practitioner-field'), boxes.some(box => box.checked && SEEN.includes(box.value)));

export const setRoles = (roles, practitioner = '') => {
  for (const box of boxes) box.checked = roles.includes(box.value);
  if (practitioner && ![...$('#practitioner').options].some(option => option.value === practitioner)) $('#practitioner').append(new Option(practitioner));
  $('#practitioner').value = practitioner;
  follow();
};

// As the clinic wants them; Refused without any.
export const chosenRoles = () => {
  const roles = boxes.filter(box => box.checked).map(box => box.value);
  if (!roles.length) throw new Refused({type: 'look-again', errors: [{field: 'roles'}]});
  return {roles, practitioner: $('#practitioner-field').hidden ? '' : $('#practitioner').value};
};

// Who can be booked here, once; the choice stays empty where that cannot be had.
export const loadPractitioners = async () => {
  const {services} = await work('healthcare-services').catch(() => ({services: []}));
  const people = new Map(services.flatMap(service => service.practitioners).map(person => [person.id, person.name]));
  for (const [id, name] of people) $('#practitioner').append(new Option(name, id));
};

for (const box of boxes) box.addEventListener('change', follow);
