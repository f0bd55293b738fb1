// The way to the clinic's system: every request ends within PATIENCE, as an answer or as Refused.

const page = document.documentElement;
export const here = {clinic: page.dataset.clinic, home: page.dataset.home, tag: page.lang};  // staff say their clinic once they are known
// Where this host says who is signed in.
const SESSION = here.clinic ? `/api/clinics/${here.clinic}/session` : '/api/session';

// The tabs of one session tell each other of its end; patients' portals of all clinics share one origin, so each has a channel.
export const tabs = new BroadcastChannel(here.clinic ? `session-${here.clinic}` : 'session');
export const signedOut = () => document.dispatchEvent(new CustomEvent('signed-out'));
tabs.addEventListener('message', ({data}) => { if (data === 'signed-out') signedOut(); });

const PATIENCE = 10_000;  // milliseconds

// What the API says when something cannot be done (problem+json); type "unreachable" when it said nothing.
export class Refused extends Error {
  constructor(problem) {
    super(problem.title ?? problem.type);
    Object.assign(this, problem);
  }
  // Nobody knows whether the request was carried out.
  get unsure() { return this.type === 'unreachable' || this.status >= 500; }
}

const LAST = 130;   // seconds of a session that shell/idle.js looks after; it comes only then
let near = Infinity, watching;

// The session ends in so many seconds if nothing is done.
export const endsIn = seconds => {
  near = Date.now() + (seconds - LAST) * 1000;
  watching ??= setInterval(async () => {
    if (Date.now() < near) return;  // a clock that slept is right again at once
    near = Infinity;
    await import('./idle.js').then(idle => idle.lookAfter(way)).catch(() => { near = 0; });
  }, 5000);
};

const told = async (answer, raw) => {
  if (answer.ok && raw) return answer.blob();
  const problem = await answer.json().catch(reason => {
    if (answer.ok) throw reason;  // it broke off on the way: as good as no answer
    return {};
  });
  if (answer.ok && problem.idleSeconds) endsIn(problem.idleSeconds);
  if (answer.ok) return problem;
  const type = answer.status >= 500 ? 'try-again' : problem.type ?? 'try-again';
  throw new Refused({...problem, type, status: answer.status, retryAfter: problem.retryAfter ?? Number(answer.headers.get('Retry-After'))});
};

// GET, or POST when there is something to `send`. `query` members that are empty stay out of the address; a file comes `raw`; what is
// `last` goes out even if the page is left.
export const call = async (path, {query = {}, send, headers = {}, raw = false, last = false} = {}) => {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries({...query, lang: here.tag})) if (value) url.searchParams.set(name, value);
  const post = send && {method: 'POST', body: JSON.stringify(send), headers: {...headers, 'Content-Type': 'application/json', 'X-Portal': '1'}};
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await told(await fetch(url, {...post, keepalive: last, credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: patience.signal}), raw);
  } catch (reason) {
    throw reason instanceof Refused ? reason : new Refused({type: 'unreachable'});
  } finally {
    clearTimeout(timer);
  }
};

// The same, below this page's clinic.
export const ask = (path, options) => call(`/api/clinics/${here.clinic}/${path}`, options);

export const calendarAddress = id => `/api/clinics/${here.clinic}/appointments/${encodeURIComponent(id)}/calendar?lang=${here.tag}`;

// What shell/idle.js does with it.
const way = {
  look: () => call(SESSION),
  extend: () => ask('session/extend', {send: {}}),
  leave: () => ask('sign-out', {send: {}}),
  endsIn, signedOut, tabs,
};
