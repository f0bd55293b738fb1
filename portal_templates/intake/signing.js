// Signing: the typed name counts; a drawn one may stand beside it, as strokes on a field of 1000 by 300.
import {$, $$} from '../shell/dom.js';
import {inputsOf} from './filling.js';

const LONGEST = 400;   // points of one stroke

const at = (canvas, event) => {
  const box = canvas.getBoundingClientRect(), bound = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
  return [bound((event.clientX - box.left) * 1000 / box.width, 1000), bound((event.clientY - box.top) * 300 / box.height, 300)];
};

const redraw = canvas => {
  const pen = canvas.getContext('2d');
  Object.assign(pen, {lineWidth: 5, lineCap: 'round', lineJoin: 'round', strokeStyle: getComputedStyle(canvas).color});
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (const [x, y, ...more] of canvas.strokes) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x, y);
    for (let n = 0; n < more.length; n += 2) pen.lineTo(more[n], more[n + 1]);
    pen.stroke();
  }
};

const ready = canvas => {
  let drawing = null;
  canvas.strokes = [];
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    drawing = at(canvas, event);
    canvas.strokes.push(drawing);
    redraw(canvas);
  });
  canvas.addEventListener('pointermove', event => {
    if (!drawing || drawing.length > 2 * LONGEST) return;
    drawing.push(...at(canvas, event));
    redraw(canvas);
  });
  for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => { drawing = null; });
  $('[data-clear]', canvas.parentElement).addEventListener('click', () => { canvas.strokes = []; redraw(canvas); });
};

export const enter = section => { for (const canvas of $$('canvas', section)) if (!canvas.strokes) ready(canvas); };

// Who signed what, and how.
export const signatures = page => $$('.signs', page.form).filter(place => place.item && !place.closest('[hidden]:not([data-page], #form)')).flatMap(place => {
  const name = inputsOf(place)[0].value.trim(), drawn = $('canvas', place)?.strokes ?? [], strokes = drawn.flat().length < 4 ? [] : drawn;
  return name ? [{path: place.path, kind: strokes.length ? 'drawn' : 'typed', name, ...(strokes.length && {strokes})}] : [];
});
