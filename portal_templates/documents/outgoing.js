// What was chosen on its way to the clinic: each file a sheet of its card until it has come, then asked after until it was checked.
import {ask, here} from '../shell/api.js';
import {$, fill, focusOn, say, show, word} from '../shell/dom.js';
import {send} from './sending.js';
import {mark, nameOf, pathOf, problemOf, stateOf} from './sheet.js';

const PAUSES = [1, 1, 1, 2, 2, 3, 5, 8, 13, 20];   // seconds between questions after a file that is being checked

const PERCENT = new Intl.NumberFormat(here.tag, {style: 'percent'});
const watched = new Set();
let line = Promise.resolve(), made = 0;

// A picture of what was chosen, as long as the clinic has none.
const preview = (sheet, file) => {
  if (!file.type.startsWith('image/')) return;
  const image = $('img', sheet);
  image.onload = () => { show(image); URL.revokeObjectURL(image.src); };
  image.src = URL.createObjectURL(file);
};

const jobWords = job => {
  const problem = job.problem && problemOf(job.problem);
  if (job.state === 'failed') return [word('is-failed'), problem];
  if (job.state === 'waiting') return job.problem?.status ? [word('is-failed'), problem] : [word('is-waiting'), word('is-waiting-more')];
  return [word(`is-${job.state}`, {n: PERCENT.format(job.percent / 100)}), job.state === 'sending' ? word('is-sending-more') : ''];
};

export const drawJob = (sheet, job, kind) => {
  const [state, detail] = jobWords(job), meter = $('progress', sheet), stands = ['failed', 'waiting'].includes(job.state);
  const texts = {state, detail, look: word('look', {name: kind.name}), of: word('of', {name: kind.name}), back: word('remove')};
  mark(sheet, job.state);
  fill(sheet, texts);
  meter.setAttribute('aria-label', state);
  meter.value = job.percent;
  show(meter, job.state !== 'failed');
  show($('[data-act=again]', sheet), stands && job.problem?.status !== 422);
  show($('[data-act=back]', sheet));
};

const remove = (page, job) => {
  const n = page.jobs.indexOf(job);
  if (n >= 0) page.jobs.splice(n, 1);
};

// What has become of a file, for whoever does not see the page.
const tell = (page, {kind: id, page: number}, what) => say([nameOf(page.kindOf(id), number), what].join(': '));

const newsOf = document => (document.state === 'refused' ? word(`reason-${document.reason}`) : word(document.stuck ? 'is-stuck-more' : `is-${stateOf(document)}`));

// Asks after a file until it can be looked at or was refused.
export const watch = async (page, first) => {
  if (watched.has(first.id)) return;
  watched.add(first.id);
  const news = document => page.refresh().then(() => tell(page, document, newsOf(document)), () => {});
  let document = first;
  for (let n = 0; stateOf(document) === 'checking'; n += 1) {
    await new Promise(done => { setTimeout(done, PAUSES[Math.min(n, PAUSES.length - 1)] * 1000); });
    const found = await ask(pathOf(document)).catch(problem => (problem.unsure ? document : null));
    if (!found) break;
    if (found.stuck && !document.stuck) await news(found);
    document = found;
  }
  watched.delete(first.id);
  await news(document);
};

const came = (page, job, sent) => {
  const kind = page.kindOf(job.kind);
  remove(page, job);
  page.keys.set(sent.id, job.key);
  if (kind.pages === 1) kind.standing = 'checking';
  kind.documents = [...kind.documents.filter(document => document.id !== sent.id), sent];
  page.draw();
  tell(page, sent, word('is-checking'));
  watch(page, sent);
};

// A way that was given for what is not wanted any more holds no place.
const giveBack = async (page, job) => {
  if (job.document) await ask(pathOf(job.document, '/withdraw'), {send: {}}).then(page.refresh).catch(() => {});
};

// One after the other, in the order in which they were chosen.
const queue = (page, job) => {
  const turn = line.then(async () => {
    const sent = await send(job, page.draw);
    if (job.gone) return giveBack(page, job);
    return sent ? came(page, job, sent) : page.draw();
  });
  line = turn.catch(() => {});
  return turn;
};

// A job that is not wanted any more, wherever it is.
export const drop = (page, job) => {
  if (job.state === 'failed') line = line.then(() => giveBack(page, job));
  job.gone = true;
  job.abort?.();
  job.again?.();
  remove(page, job);
  page.draw();
};

// Files that were chosen for a kind, or in place of one file.
export const take = (page, files, kind, replaced, room) => {
  for (const job of page.jobs.filter(one => one.state === 'failed' && one.kind === kind.id)) drop(page, job);
  const most = replaced ? 1 : Math.max(1, room);
  const taken = files.slice(0, most + 1).map((file, n) => {
    made += 1;
    const job = {key: `new-${made}`, visit: page.visit(), kind: kind.id, file, replaces: replaced?.id ?? '', state: 'ready', percent: 0};
    Object.assign(job, {first: job.replaces, page: replaced?.page ?? kind.pages + made});
    if (n === most) Object.assign(job, {state: 'failed', problem: {type: 'too-many-files', status: 422}});  // the first for which there is no room
    preview(page.sheetOf(job.key), file);
    return job;
  });
  page.jobs.push(...taken);
  page.draw();
  focusOn(page.sheetOf(taken[0].key));
  say(word(files.length > most ? 'too-many-files' : 'is-ready'));
  for (const job of taken.slice(0, most)) queue(page, job);
};

export const again = (page, job) => {
  if (job.state !== 'failed') return job.again?.();
  job.state = 'ready';
  job.problem = null;
  page.draw();
  return queue(page, job);
};
