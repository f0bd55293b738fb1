// The picture of a page: fetched once, then zoomed, turned and dragged without asking anybody again.
import {Refused} from '../shell/api.js';
import {$, show} from '../shell/dom.js';
import {work} from './frame.js';

const PATIENCE = 60_000;  // milliseconds for a file, which may be large
const MOST = 8, STEP = 1.5;
const stage = $('#stage'), drawn = $('#picture'), image = $('#picture image');
const kept = new Map();  // what was opened already: 'id/page' -> the promise of its address in this tab
let zoom = 1, turned = 0, size, asked = 0;

export const opened = (file, page) => work(`documents/${encodeURIComponent(file.id)}/open`, {send: {page}});

// What a link of a minute leads to.
export const bytesOf = async link => {
  try {
    const answer = await fetch(link.url, {credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)});
    if (answer.ok) return await answer.blob();
  } catch { /* told below */ }
  throw new Refused({type: 'unreachable'});
};

export const pictureOf = (file, page) => {
  const name = `${file.id}/${page}`;
  if (!kept.has(name)) {
    kept.set(name, opened(file, page).then(bytesOf).then(blob => URL.createObjectURL(blob)));
    kept.get(name).catch(() => kept.delete(name));
  }
  return kept.get(name);
};

const TURNS = {0: () => '', 90: ({height}) => `translate(${height} 0) rotate(90)`, 180: ({width, height}) => `translate(${width} ${height}) rotate(180)`, 270: ({width}) => `translate(0 ${width}) rotate(270)`};

// At zoom 1 all of the page is seen.
const draw = () => {
  if (!size) return;
  const [width, height] = turned % 180 ? [size.height, size.width] : [size.width, size.height];
  const scale = zoom * Math.min((stage.offsetWidth - 4) / width, (stage.offsetHeight - 4) / height);
  const middle = {x: (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth, y: (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight};
  for (const [name, value] of Object.entries({viewBox: `0 0 ${width} ${height}`, width: Math.floor(width * scale), height: Math.floor(height * scale)})) drawn.setAttribute(name, value);
  for (const [name, value] of Object.entries({width: size.width, height: size.height, transform: TURNS[turned](size)})) image.setAttribute(name, value);
  stage.scrollTo(middle.x * stage.scrollWidth - stage.clientWidth / 2, middle.y * stage.scrollHeight - stage.clientHeight / 2);
  $('#zoom-out').disabled = zoom <= 1;
  $('#zoom-in').disabled = zoom >= MOST;
};

const zoomTo = wanted => {
  zoom = Math.min(MOST, Math.max(1, wanted));
  draw();
};
const turn = () => {
  turned = (turned + 90) % 360;
  draw();
};

// Shows a page of a file (or none), whole and upright; what was asked for before and comes later is not shown.
export const showPicture = async (file, page) => {
  const mine = ++asked, seen = new Image();
  size = null;
  show(drawn, false);
  stage.removeAttribute('aria-busy');
  if (!file) return;
  stage.setAttribute('aria-busy', 'true');
  try {
    seen.src = await pictureOf(file, page);
    await seen.decode().catch(() => { throw new Refused({type: 'unreachable'}); });
    if (mine !== asked) return;
    size = {width: seen.naturalWidth, height: seen.naturalHeight};
    [zoom, turned] = [1, 0];
    image.setAttribute('href', seen.src);
    show(drawn);
    draw();
  } finally {
    if (mine === asked) stage.removeAttribute('aria-busy');
  }
};

const ACTS = {'+': () => zoomTo(zoom * STEP), '=': () => zoomTo(zoom * STEP), '-': () => zoomTo(zoom / STEP), 0: () => zoomTo(1), r: turn};
$('#viewer').addEventListener('keydown', event => {
  const act = !event.ctrlKey && !event.metaKey && !event.altKey && ACTS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
for (const [id, key] of Object.entries({'zoom-in': '+', 'zoom-out': '-', turn: 'r'})) $(`#${id}`).addEventListener('click', ACTS[key]);
new ResizeObserver(draw).observe(stage);

// A mouse drags; two fingers, on glass or on a trackpad, zoom; one finger scrolls as everywhere.
const held = new Map();
let spread = 0;
const apart = () => {
  const [one, other] = [...held.values()];
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
};
const letGo = event => {
  held.delete(event.pointerId);
  spread = 0;
};
stage.addEventListener('pointerdown', event => {
  held.set(event.pointerId, event);
  if (held.size === 2) spread = apart() / zoom;
});
stage.addEventListener('pointermove', event => {
  const before = held.get(event.pointerId);
  if (!before) return;
  held.set(event.pointerId, event);
  if (spread) zoomTo(apart() / spread);
  else if (event.pointerType === 'mouse') stage.scrollBy(before.clientX - event.clientX, before.clientY - event.clientY);
});
for (const name of ['pointerup', 'pointercancel', 'pointerleave']) stage.addEventListener(name, letGo);
stage.addEventListener('wheel', event => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoomTo(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
}, {passive: false});
