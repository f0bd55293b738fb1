// Going on with a form: from page to page, past what is wrong, to the end. It comes while the first page is read.
import {tabs} from '../shell/api.js';
import {$, $$, fill, focusOn, say, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {watch} from '../accounts/holding.js';
import {openSignIn, prepareSignIn} from '../accounts/sign_in.js';
import {clean, warn} from './answering.js';
import {clear, complain, unmark, wrongOn} from './complaining.js';
import {addRow, wire} from './filling.js';
import {attach, fetched, soon} from './fetching.js';
import {bring, bringRest} from './bringing.js';
import {read} from './reading.js';
import {answer, cancelled} from './refusing.js';
import {follow, hear, isWaiting, retry, save} from './saving.js';
import {write} from './writing.js';

let begun;
const kit = {};   // what every page needs, fetched early: the network may be gone when its moment comes

const fetchKit = async () => {
  kit.checking = await import('./checking.js');
  kit.keeping = await import('./keeping.js');
  kit.easing = await import('./easing.js');
  kit.offering = await import('./offering.js');
};

// A row of a group or a question comes or goes; the focus goes with it.
const rows = page => page.form.addEventListener('click', ({target}) => {
  const button = target.closest('[data-add], [data-remove]');
  if (!button) return;
  const place = button.closest('[data-q]');
  page.dirty = true;
  if ('add' in button.dataset) {
    const row = addRow(place);
    page.settle();
    return focusOn($('input, select, textarea', row));
  }
  const row = button.closest('.row'), said = $('.row-name', row).textContent.trim(), next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  page.settle();
  page.keep?.();
  say(word('removed', {name: said}));
  focusOn(next ? $('input, select, textarea', next) : $(':scope > [data-add]', place));
});

// Options that stand alone clear the others, and the others clear them.
const alone = page => page.form.addEventListener('change', ({target}) => {
  const place = target.closest('.q'), {item} = place ?? {};
  if (target.type !== 'checkbox' || !target.checked || !item?.options?.some(option => option.alone)) return;
  const marks = $$('.option input', place).filter(each => each.closest('.q') === place), own = item.options[marks.indexOf(target)]?.alone;
  marks.forEach((mark, n) => { if (mark !== target && (own || item.options[n]?.alone)) mark.checked = false; });
  page.settle();
});

const network = page => hear(state => {
  const waiting = state === 'waiting';
  if (waiting && $('#offline').hidden) say($('#offline p').textContent);
  show($('#offline p'), waiting);
  show($('#offline'), waiting || Boolean(page.keeps));
  $('#offline').classList.toggle('is-warn', waiting);
});

// To another page, or to where a change began; what was typed is saved.
const goTo = (page, wanted) => {
  const to = page.back || wanted;
  page.back = '';
  clear(page.form);
  page.go(to);
  if (page.view.status === 'in-progress' && !page.cancelled) save().catch(problem => answer(page, problem));
};

const wireUp = page => {
  follow(page);
  rows(page);
  alone(page);
  network(page);
  kit.easing.begin(page);
  page.form.addEventListener('input', ({target}) => {
    page.dirty = true;
    page.keep?.();
    for (const place of [target.closest('.row'), target.closest('.q')]) unmark(place);
  });
  $('#prev').addEventListener('click', () => goTo(page, page.steps()[page.steps().indexOf(page.at) - 1]));
  addEventListener('popstate', () => {
    const id = decodeURIComponent(location.hash.slice(1));
    page.back = '';
    clear(page.form);
    if (page.view && page.at !== id && page.steps().includes(id)) { page.show(id); entered(page); }
  });
  let said = false;   // that one signs out, here or in another tab: then nothing of it stays, not even out of sight
  $('#idle-leave')?.addEventListener('click', () => { said = true; }, true);
  document.addEventListener('signed-out', () => refused(page, {status: 401, type: 'signed-out'}, true, said));
  tabs.addEventListener('message', ({data}) => { if (data === 'signed-out') kit.keeping.over(page, true).then(() => emptied(page)); });
  addEventListener('beforeunload', event => { if (isWaiting() && !page.keeps && !page.over) event.preventDefault(); });
  $('#try-now').addEventListener('click', retry);
};

// What the page can do from now on, whatever else comes: above all, whom to call is shown without a word from the clinic.
const teach = page => {
  Object.assign(page, {merges: 0, read: () => read(page.rules.items, page.form), redraw: () => { if (page.at === 'check') drawCheck(page); }});
  page.answers = () => { const {given, decisions} = page.told(); return {items: clean(page.rules.items, given, decisions)}; };
  page.write = items => { write(page.rules.items, page.form, items); page.settle(); };
  page.flagged = view => warn(page.form, (view ?? page.view).flags.map(({path}) => path));
  page.settled = () => { if (page.view) { page.flagged(); attach(page); } };
  page.drop = () => kit.keeping.drop(page);
  page.merged = (view, conflicts) => kit.offering.merged(page, view, conflicts);
  if (page.view) page.settle();
};

const ready = async page => {
  teach(page);
  if (!$('#offline')) await bring();
  if (page.form.dataset.rest) for (const section of await bringRest(page.form)) wire(section);
  await fetchKit();
  wireUp(page);
  prepareSignIn(() => page.reload());
  kit.keeping.begin(page);
  page.form.dataset.whole = '';   // nothing more is fetched before it is checked, but what signs and what sends files
};

// Once; tried again by the page where the network was away.
export const begin = page => (begun ??= ready(page).catch(problem => { begun = null; throw problem; }));

// The answers to be looked through, with what another device has answered meanwhile.
const drawCheck = page => {
  kit.checking.draw(page, Boolean(page.amending));
  show($('#news'), Boolean(page.news));
  page.news = false;
};

const send = async page => {
  const {merges} = page;
  try {
    if (page.view.status === 'in-progress') await save();
    const ending = await fetched('ending'), signing = $('.signs', page.form) && await fetched('signing');
    await ending.send(page, signing?.signatures(page) ?? [], merges);
  } catch (problem) {
    answer(page, problem);
  }
};

// What only has no answer yet may wait, as long as the answers are looked at once more before they are sent.
const later = (page, wrong) => {
  const steps = page.steps(), onward = steps[steps.indexOf(page.at) + 1], open = ['required', 'too-few', 'own'];
  return page.at !== 'check' && onward && steps.indexOf(page.at) < steps.indexOf('check') && wrong.every(({code}) => open.includes(code)) && (() => goTo(page, onward));
};

// To a page of which something is wrong, which is said there.
const lead = page => id => {
  goTo(page, id);
  page.back = 'check';
  const wrong = wrongOn(page, id);
  complain(page.form, wrong, later(page, wrong));
};

// From the page in sight to the next one that is asked.
export const next = async page => {
  clear(page.form);
  if ($('#conflicts li')) return complain(page.form, [{code: 'conflicts'}]);
  const isCheck = page.at === 'check', wrong = isCheck ? kit.checking.unfinished(page, lead(page)) : [...wrongOn(page, page.at), ...kit.offering.untouched(page)];
  if (wrong.length) return complain(page.form, wrong, later(page, wrong));
  if (!isCheck) page.seen.add(page.at);
  const steps = page.steps(), to = page.back || steps[steps.indexOf(page.at) + 1];
  if (!to) return send(page);
  return goTo(page, to);
};

// A page has come into sight.
export const entered = async page => {
  if (await kit.keeping.resume(page) || page.again) save().catch(problem => answer(page, problem));
  page.again = false;
  const steps = page.steps(), last = steps.indexOf(page.at) === steps.length - 1, signs = page.at !== 'check' && $('.signs', page.sectionOf(page.at));
  fill($('#next'), {next: word(!last ? 'next' : page.wanted ? 'send-again' : signs ? 'sign-and-send' : 'send')});
  if (page.at === 'check') {
    soon('ending');
    if ($('.signs', page.form)) soon('signing');
    return drawCheck(page);
  }
  show($('#news'), false);
  kit.offering.enter(page);
  kit.easing.enter(page.sectionOf(page.at));
  attach(page, true);
  if (signs) soon('signing').then(signing => signing.enter(signs.closest('[data-page]')));
  return null;
};

// Puts the answers that the clinic has into the page, and finds out what is wanted of them.
export const resume = async page => {
  page.write(page.view.items);
  if (page.view.status !== 'in-progress') (await soon('ending')).stand(page);
};

// Nothing can be shown: somebody else is signed in, nobody is, or it is not there.
export const refused = (page, problem, focus, said = false) => {
  if (problem.status === 401) {
    page.stand('sign-in');
    page.again = Boolean(page.view);
    if (problem.type === 'signed-out') kit.keeping.over(page, said).then(() => said && emptied(page));
    return openSignIn({focus, reason: page.view ? word('signed-out') : undefined});
  }
  if (page.view && problem.type === 'visit-cancelled') {
    page.stand('form');
    return cancelled(page);
  }
  if (page.view) emptied(page);   // it may have been another patient's
  page.form.reset();
  page.stand('missing');
  fill($('#missing'), {why: problem.status === 404 || problem.status === 403 ? word('not-found') : reasonOf(problem)});
  return focusOn($('#missing'));
};

// Somebody has signed out: the page is made anew, with nothing in it.
const emptied = page => {
  page.over = true;
  if (!sessionStorage.getItem('on-tablet')) location.reload();
};

// What was kept on this device goes on without the clinic, until it can be reached.
export const kept = page => kit.keeping.goOn(page);

watch();
