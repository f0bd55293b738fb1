// Files as answers: photographed or chosen, sent and checked as all documents of the visit are; what is there already is not asked again.
import {ask, here} from '../shell/api.js';
import {$, $$, clone, fill, focusOn, say, show, word} from '../shell/dom.js';
import {unmark} from './complaining.js';
import {send} from '../documents/sending.js';
import {pathOf, problemOf, stateOf} from '../documents/sheet.js';

const PAUSES = [1, 1, 1, 2, 2, 3, 5, 8, 13, 20];   // seconds between questions after a file that is being checked
const ALIVE = ['uploaded', 'scanning', 'released'];
const PERCENT = new Intl.NumberFormat(here.tag, {style: 'percent'});
const known = new Map();   // files of the visit by id
let kinds = [], target = null;

const visitOf = page => page.view.appointment;
const kindOf = place => place.item.documentKind ?? kinds[0]?.id;
const listOf = place => $(':scope > .files', place);

const told = (state, document) => {
  if (document?.state === 'refused') return word(`reason-${document.reason}`);
  return document?.stuck ? word('is-stuck-more') : word(`is-${state}-more`, {when: document?.sentLabel ?? '', note: document?.reviewNote ?? ''});
};

const pictures = new Map();   // of what was sent from here, by id

const picture = (line, url) => {
  if (!url) return;
  $('img', line).src = url;
  show($('img', line));
  show($('svg', line), false);
};

const drawFile = (page, place, id) => {
  const document = known.get(id), state = document ? stateOf(document) : 'sent', line = clone('file-line');
  fill(line, {state: word(`is-${state}`), detail: document ? told(state, document) : ''});
  line.classList.toggle('is-wrong', ['refused', 'returned', 'awaiting'].includes(state));
  picture(line, pictures.get(id));
  $('[data-act=back]', line).addEventListener('click', () => { remove(page, place, id); });
  return line;
};

const jobWords = job => {
  if (job.state === 'failed') return [word('is-failed'), problemOf(job.problem)];
  if (job.state === 'waiting') return [word('is-waiting'), word('is-waiting-more')];
  return [word(`is-${job.state}`, {n: PERCENT.format(job.percent / 100)}), job.state === 'sending' ? word('is-sending-more') : ''];
};

const drawJob = (page, place, job) => {
  const line = clone('file-line'), [state, detail] = jobWords(job);
  fill(line, {state, detail});
  line.classList.toggle('is-wrong', job.state === 'failed');
  picture(line, job.picture);
  $('[data-act=back]', line).addEventListener('click', () => {
    Object.assign(job, {gone: true});
    job.abort?.();
    job.again?.();
    place.jobs = place.jobs.filter(each => each !== job);
    draw(page, place);
  });
  return line;
};

const draw = (page, place) => {
  const files = place.files ?? [], jobs = place.jobs ?? [], more = place.item.repeats && files.length + jobs.length < (place.item.maxOccurs || 20);
  place.sending = jobs.some(({state}) => state !== 'failed');
  listOf(place).replaceChildren(...files.map(id => drawFile(page, place, id)), ...jobs.map(job => drawJob(page, place, job)));
  show($(':scope > .actions', place), more || files.length + jobs.length === 0 || !place.item.repeats);
  const instead = files.length > 0 && !place.item.repeats;
  for (const [way, said] of [['camera', word(instead ? 'take-again' : 'take-photo')], ['file', word(instead ? 'other-file' : 'choose-file')]])
    $(`:scope > .actions [data-way=${way}]`, place).lastChild.textContent = said;
};

const changed = (page, place) => {
  page.dirty = true;
  page.settle();
  page.keep?.();
  draw(page, place);
};

const remove = async (page, place, id) => {
  place.files = place.files.filter(each => each !== id);
  changed(page, place);
  focusOn($('.actions button', place));
  say(word('taken-back'));
  await ask(pathOf({id}, '/withdraw'), {send: {}}).catch(() => {});
};

// Asks after a file until it can be looked at or was refused.
const watch = async (page, place, first) => {
  let document = first;
  for (let n = 0; stateOf(document) === 'checking'; n += 1) {
    await new Promise(done => { setTimeout(done, PAUSES[Math.min(n, PAUSES.length - 1)] * 1000); });
    const found = await ask(pathOf(document)).catch(problem => (problem.unsure ? document : null));
    if (!found) return;
    document = found;
    known.set(document.id, document);
    draw(page, place);
  }
  if (stateOf(document) !== 'refused') return say(word(`is-${stateOf(document)}`));
  say(told('refused', document));
};

const take = async (page, place, file) => {
  const kind = kinds.find(({id}) => id === kindOf(place)), there = kind?.documents.find(({state}) => ALIVE.includes(state));
  const job = {visit: visitOf(page), kind: kindOf(place), file, replaces: (kind?.pages ?? 1) === 1 ? there?.id ?? '' : '', state: 'ready', percent: 0};
  job.picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : '';
  place.jobs = [...(place.item.repeats ? place.jobs ?? [] : []), job];
  unmark(place);
  draw(page, place);
  say(word('is-ready'));
  const sent = await send(job, () => draw(page, place));
  if (!sent || job.gone) return draw(page, place);
  known.set(sent.id, sent);
  pictures.set(sent.id, job.picture);
  if (kind) kind.documents = [...kind.documents.filter(({id}) => id !== job.replaces), sent];
  place.jobs = place.jobs.filter(each => each !== job);
  place.files = place.item.repeats ? [...(place.files ?? []).filter(id => id !== job.replaces), sent.id] : [sent.id];
  changed(page, place);
  say(word('is-checking'));
  return watch(page, place, sent);
};

const ready = (page, place) => {
  if (place.ready) return;
  place.ready = true;
  place.addEventListener('click', ({target: touched}) => {
    const button = touched.closest('[data-way]');
    if (!button) return;
    target = place;
    const input = $(`#${button.dataset.way}`);
    input.accept = button.dataset.way === 'camera' ? 'image/*' : (place.item.mimeTypes ?? ['image/*', 'application/pdf']).join();
    input.onchange = () => {
      const [file] = input.files;
      input.value = '';
      if (file) take(page, target, file);
    };
    input.click();
  });
};

export const enter = async (page, section) => {
  const places = $$('.files', section).map(list => list.parentElement).filter(({item}) => item);
  if (!places.length) return;
  for (const place of places) { ready(page, place); draw(page, place); }
  const found = await ask(`appointments/${encodeURIComponent(visitOf(page))}/documents`).catch(() => null);
  kinds = found?.kinds ?? kinds;
  for (const document of kinds.flatMap(({documents}) => documents)) known.set(document.id, document);
  for (const place of places) {
    const there = kinds.find(({id}) => id === kindOf(place))?.documents.filter(({state, review}) => ALIVE.includes(state) && review !== 'returned') ?? [];
    if (!(place.files ?? []).length && place.item.documentKind && there.length && !page.wanted) {
      place.files = there.slice(0, place.item.repeats ? place.item.maxOccurs ?? 20 : 1).map(({id}) => id);
      changed(page, place);
    } else draw(page, place);
  }
};
