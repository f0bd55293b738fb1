// One file on its way: made smaller, asked for, posted, and said to be there. What the network takes is tried again until it is through.
import {ask, Refused, signedOut} from '../shell/api.js';
import {shrink} from './shrinking.js';

const LARGEST = 10_000_000;             // bytes
const FRESH = 270_000;                  // milliseconds for which a form is used; it is good for five minutes
const STILL = 30_000;                   // milliseconds without a byte after which a way is given up
const PAUSES = [1, 2, 4, 8, 15, 30];    // seconds between tries
const TYPES = {heic: 'image/heic', heif: 'image/heif', pdf: 'application/pdf'};  // where the device does not know them

const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('');

const typeOf = (bytes, name) => bytes.type || TYPES[name.split('.').pop().toLowerCase()] || 'application/octet-stream';

const visitOf = job => `appointments/${encodeURIComponent(job.visit)}/documents`;

// What is sent, and what tells that it arrived whole. Refused for what need not even be tried.
const prepare = async job => {
  if (job.wanted) return;
  try {
    job.bytes = await shrink(job.file);
    const {size} = job.bytes;
    if (!size) throw new Refused({type: 'reason-empty', status: 422});
    if (size > LARGEST) throw new Refused({type: 'reason-large', status: 422});
    const sha256 = hex(await crypto.subtle.digest('SHA-256', await job.bytes.arrayBuffer()));
    job.wanted = {kind: job.kind, name: job.file.name, type: typeOf(job.bytes, job.file.name), size, sha256};
  } catch (problem) {
    if (problem.type) throw problem;
    throw new Refused({type: 'reason-empty', status: 422});  // it was moved or deleted since it was chosen
  }
};

// A way that was given and whose answer was lost still holds its place for five minutes: it is taken over.
const findLost = async job => {
  const {kinds} = await ask(visitOf(job));
  const there = kinds.flatMap(kind => (kind.id === job.kind ? kind.documents : []));
  const lost = there.find(one => one.state === 'awaiting' && one.size === job.wanted.size && one.replaces === job.replaces);
  job.unsure = false;
  if (lost) job.replaces = lost.id;
};

const request = async job => {
  if (job.form && Date.now() < job.until) return;
  if (job.unsure) await findLost(job);
  try {
    const {document, url, fields} = await ask(visitOf(job), {send: {...job.wanted, replaces: job.document?.id ?? job.replaces}});
    Object.assign(job, {document, form: {url, fields}, until: Date.now() + FRESH, there: false});
  } catch (problem) {
    job.unsure = problem.unsure;
    throw problem;
  }
};

// The status of the store's answer; Refused as unreachable when none came, or nothing moved any more.
const post = (job, tell) => new Promise((done, failed) => {
  const form = new FormData(), way = new XMLHttpRequest();
  let timer;
  const stop = () => { clearTimeout(timer); failed(new Refused({type: 'unreachable'})); };
  const moves = () => { clearTimeout(timer); timer = setTimeout(() => way.abort(), STILL); };
  for (const [name, text] of Object.entries(job.form.fields)) form.append(name, text);
  form.append('file', job.bytes, 'file');
  way.upload.onprogress = ({loaded, total}) => {
    moves();
    job.percent = Math.floor((loaded / total) * 100);
    tell();
  };
  way.onload = () => { clearTimeout(timer); done(way.status); };
  way.onerror = way.onabort = stop;
  job.abort = () => way.abort();
  way.open('POST', job.form.url);
  moves();
  way.send(form);
});

const once = async (job, tell) => {
  await prepare(job);
  job.state = 'sending';
  tell();
  await request(job);
  if (job.gone) throw new Refused({type: 'gone'});
  if (!job.there) {
    const status = await post(job, tell);
    if (status >= 500) throw new Refused({type: 'unreachable'});
    if (status >= 400) return formRefused(job);
    job.there = true;
  }
  try {
    return await ask(`documents/${encodeURIComponent(job.document.id)}/finish`, {send: {}});
  } catch (problem) {
    if (problem.type !== 'not-sent') throw problem;
    return formRefused(job);
  }
};

// The form lapsed or was lost on the way: another one is asked for, a few times.
const formRefused = job => {
  job.form = null;
  job.refusals = (job.refusals ?? 0) + 1;
  throw new Refused(job.refusals < 4 ? {type: 'unreachable'} : {type: 'reason-incomplete', status: 422});
};

// Until it may be worth another try: after a while, once the device is online again, or when somebody says so.
const again = (job, seconds) => new Promise(done => {
  const go = () => {
    clearTimeout(timer);
    removeEventListener('online', go);
    done();
  };
  const timer = seconds ? setTimeout(go, seconds * 1000) : 0;
  addEventListener('online', go);
  job.again = go;
});

// Sends a job. Resolves with the file as the clinic now has it; with nothing when it was removed or cannot be sent as it is.
// `tell` is called as it moves.
export const send = async (job, tell) => {
  for (let tries = 0; !job.gone; tries += 1) {
    Object.assign(job, {problem: null, refusals: tries ? job.refusals : 0});
    try {
      return await once(job, tell);
    } catch (problem) {
      if (!problem.type) throw problem;
      if (job.gone) break;
      job.problem = problem;
      const over = problem.status === 401;
      job.state = over || problem.status === 429 || problem.unsure ? 'waiting' : 'failed';
      if (job.state === 'failed') break;
      const waiting = again(job, over ? 0 : problem.retryAfter || PAUSES[Math.min(tries, PAUSES.length - 1)]);
      if (over) signedOut();
      tell();
      await waiting;
    }
  }
  return null;
};
