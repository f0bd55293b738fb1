// Choosing a day and a time. The choice (service, practitioner, week, day, start) lives in the address alone.
import {ask, here} from '../shell/api.js';
import {$, $$, askToRetry, clone, count, fill, focusOn, keepLanguageLinks, say, show, word} from '../shell/dom.js';
import {showChoice} from './choice.js';

const WEEK = 7;
const form = $('#pick');
const chosen = new URLSearchParams(location.search);
let week;      // the API's last answer
let asking = 0;  // only the newest question may draw

const keep = changes => {
  for (const [name, value] of Object.entries(changes)) value ? chosen.set(name, value) : chosen.delete(name);
  history.replaceState(null, '', `?${chosen}`);
  form.elements.from.value = chosen.get('from') ?? '';
  keepLanguageLinks();
};

// Calendar arithmetic on dates, not on times: no zone has a say in it.
const shifted = (date, days) => new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const drawPicked = slot => {
  const picked = $('#picked strong');
  picked.textContent = slot ? slot.label : word('not-chosen');
  picked.classList.toggle('dim', !slot);
};

const fillOf = n => (n < 3 ? 'is-few' : n < 8 ? 'is-some' : 'is-many');

const drawDay = day => {
  const label = clone('day'), input = $('input', label), times = count('times', day.count);
  input.value = day.date;
  input.disabled = day.count === 0;
  label.classList.toggle('is-closed', day.count === 0);
  $('small', label).textContent = day.weekday;
  $('b', label).textContent = day.number;
  $('em', label).textContent = times;
  $('.day-fill', label).classList.add(fillOf(day.count));
  $('.visually-hidden', label).textContent = `${day.label}, ${times}`;
  input.setAttribute('aria-label', `${day.label}, ${times}`);
  return label;
};

const drawSlot = slot => {
  const label = clone('slot'), [clock, ...rest] = slot.time.split(/\s+/), input = $('input', label);
  input.value = slot.start;
  $('span > span', label).textContent = clock;
  $('small', label).textContent = rest.join(' ');
  if (capacity > 1) $('em', label).textContent = count('places', slot.placesLeft);
  else $('em', label).remove();
  return label;
};

// The times of a day in their order, by part of day; a chosen time that is among them stays chosen.
const drawTimes = day => {
  const title = clone('day-title'), parts = [];
  $('h3', title).textContent = day.label;
  $('span', title).textContent = count('times', day.count);
  for (const slot of day.slots) {
    if (parts.at(-1)?.dataset.part !== slot.part) parts.push(clone(`part-${slot.part}`));
    $('.slot-grid', parts.at(-1)).append(drawSlot(slot));
  }
  $('#times').replaceChildren(title, ...parts);
  const slot = day.slots.find(one => one.start === chosen.get('start'));
  if (slot) $(`#times input[value="${slot.start}"]`).checked = true;
  else keep({start: ''});
  drawPicked(slot);
};

const drawEmpty = () => {
  const empty = clone('empty-week'), next = $('[data-do=next]', empty), anyone = $('[data-do=anyone]', empty);
  fill(empty, {why: week.next ? word('next-open', {day: week.next.label}) : word('none-until')});
  show(next, Boolean(week.next));
  if (week.next) {
    next.textContent = word('go-to', {day: week.next.label});
    next.addEventListener('click', () => load({from: week.next.date, day: week.next.date, focus: true}));
  }
  show(anyone, Boolean(chosen.get('practitioner')));
  anyone?.addEventListener('click', () => choosePractitioner('', true));
  $('#times').replaceChildren(empty);
  keep({day: '', start: ''});
  drawPicked(null);
};

const draw = () => {
  $('#week-label').textContent = week.label;
  $('#week').replaceChildren(...week.days.map(drawDay));
  $('#earlier').disabled = week.from <= week.today;
  $('#later').disabled = shifted(week.from, WEEK) > week.last;
  $('#zone span').textContent = word('zone', {zone: week.zoneLabel});
  show($('#zone'));
  const open = week.days.filter(day => day.count > 0);
  const day = open.find(one => one.date === chosen.get('day')) ?? open[0];
  if (!day) return drawEmpty();
  $(`#week input[value="${day.date}"]`).checked = true;
  keep({day: day.date});
  drawTimes(day);
};

const waitingDays = $$('#week > *').map(day => day.cloneNode(true));
const waitingTimes = $$('#times > *').map(part => part.cloneNode(true));
const drawWaiting = () => {
  $('#week').replaceChildren(...waitingDays.map(day => day.cloneNode(true)));
  $('#times').replaceChildren(...waitingTimes.map(part => part.cloneNode(true)));
  $('#earlier').disabled = $('#later').disabled = true;
  show($('#days'));
  show($('#times'));
  say(word('loading'));
};

const question = () => ({service: chosen.get('service'), practitioner: chosen.get('practitioner'), from: chosen.get('from'), days: WEEK});

const load = async ({from, day, focus = false} = {}) => {
  if (from !== undefined) keep({from, day});
  const mine = ++asking;
  drawWaiting();
  try {
    const answer = await ask('slots', {query: question()});
    if (mine !== asking) return;
    if (answer.from < answer.today) return load({from: '', day: ''});
    week = answer;
    keep({from: week.from});
    draw();
    say(word('loaded', {week: week.label, times: count('times', week.days.reduce((sum, one) => sum + one.count, 0))}));
    if (focus) focusOn($('#week-label'));
  } catch (problem) {
    if (mine !== asking) return;
    if (problem.status === 422 && chosen.get('from')) return load({from: '', day: ''});
    show($('#days'), false);
    show($('#times'), false);
    await askToRetry(word(problem.unsure ? problem.type : 'try-again'));
    load({focus: true});
  }
};

const choosePractitioner = (id, focus = false) => {
  keep({practitioner: id});
  for (const radio of $$('[name=practitioner]', form)) radio.checked = radio.value === id;
  showChoice(chosen);
  load({focus});
};

const turn = (button, days) => button.addEventListener('click', () => {
  const from = shifted(week.from, days);
  load({from: from < week.today ? week.today : from, day: '', focus: true});
});

form.addEventListener('change', ({target}) => {
  if (target.name === 'practitioner') choosePractitioner(target.value);
  const day = week?.days.find(one => one.date === (target.name === 'day' ? target.value : chosen.get('day')));
  if (target.name === 'day') {
    keep({day: day.date, start: ''});
    drawTimes(day);
    say(`${day.label}, ${count('times', day.count)}`);
  }
  if (target.name === 'start') {
    keep({start: target.value});
    drawPicked(day.slots.find(slot => slot.start === target.value));
  }
});
form.addEventListener('submit', event => {
  if (chosen.get('start')) return;
  event.preventDefault();
  $('#picked strong').textContent = word('choose-first');
  $('#times input, #times button')?.focus();
});
turn($('#earlier'), -WEEK);
turn($('#later'), WEEK);

const row = showChoice(chosen);
const capacity = Number(row?.dataset.capacity);
if (row) {
  const filter = $(`[data-chips="${chosen.get('service')}"]`), able = $$('input', filter).map(radio => radio.value);
  filter.disabled = false;
  show(filter);
  show($('#chips-waiting'), false);
  form.elements.service.value = chosen.get('service');
  if (!able.includes(chosen.get('practitioner') ?? '')) keep({practitioner: able[0]});
  for (const radio of $$('input', filter)) radio.checked = radio.value === (chosen.get('practitioner') ?? '');
  $('label:has(:checked)', filter)?.scrollIntoView({block: 'nearest', inline: 'center'});
  showChoice(chosen);
  load();
} else location.replace(`${here.home}book/`);
