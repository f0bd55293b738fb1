// The end of a form: handed in, or changed after that; what can be taken along; and nothing left on the page.
import {ask, here} from '../shell/api.js';
import {$, $$, clone, fill, focusOn, keepLanguageLinks, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {whole} from './checking.js';
import {excused} from './complaining.js';
import {drop} from './keeping.js';
import {read} from './reading.js';
import {change, save} from './saving.js';
import {write} from './writing.js';

const pageOf = (page, path) => page.rules.starts[page.rules.pages.findIndex(each => each.includes(path.split(/[/[]/)[0]))];

// The next form of the visit that waits, if one does.
const nextForm = async page => {
  const visit = page.view.appointment, told = await ask(`appointments/${encodeURIComponent(visit)}/responses`).catch(() => null);
  const left = (told?.forms ?? []).filter(({standing}) => ['returned', 'not-opened', 'started'].includes(standing));
  const [first] = left.filter(({questionnaire}) => questionnaire !== page.rules.id);
  show($('#next-form'), Boolean(first));
  if (!first) return;
  $('#next-form a').href = `${here.home}${first.page}?visit=${encodeURIComponent(visit)}`;
  fill($('#next-form'), {title: first.title});
};

const copy = async page => {
  const failed = $('#copy-failed');
  show(failed, false);
  try {
    const {name, contentType, body} = await ask(`responses/${encodeURIComponent(page.view.id)}/export`, {send: {format: 'pdf'}});
    const bytes = Uint8Array.from(atob(body), letter => letter.charCodeAt(0)), link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], {type: contentType}));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (problem) {
    if (!problem.type) throw problem;
    if (problem.status === 404) return print();
    failed.textContent = reasonOf(problem);
    show(failed);
  }
};

const consents = page => {
  const standing = page.view.evidence.filter(({withdrawn}) => !withdrawn);
  show($('#consents'), standing.length > 0);
  const declares = $('[data-q="true-answers"]', page.form);   // that something is true is not taken back
  $('#consents ul').replaceChildren(...standing.map(each => {
    const line = clone('consent');
    fill(line, {name: $('.form-title').textContent, how: word(`signed-${each.kind}`, {name: each.name, when: new Date(each.at).toLocaleString(here.tag, {dateStyle: 'long', timeStyle: 'short', timeZone: page.form.dataset.zone})})});
    show($('button', line), !declares);
    $('button', line).addEventListener('click', () => takeBack(page, each));
    return line;
  }));
};

// A consent is taken back: it stays in the record, marked so.
const takeBack = (page, each) => {
  const dialog = $('#taking-back');
  dialog.showModal();
  $('#taking-back-yes').onclick = async () => {
    const body = {items: page.view.items, seen: [...page.seen], language: page.language, signatures: [], withdrawn: [each.path], kept: [], reason: $('#taking-back-why').value.trim()};
    try {
      page.view = (await change('amend', body)).view;
      page.write(page.view.items);   // what it covers is a No now
      dialog.close();
      finish(page, 'taken-back');
    } catch (problem) {
      if (!problem.type) throw problem;
      $('#taking-back-failed').textContent = reasonOf(problem);
      show($('#taking-back-failed'));
    }
  };
};

// The last page: what became of it, a copy, what comes next.
const finish = (page, how) => {
  const section = $('#finished');
  page.over = true;
  page.amending = false;
  page.wanted = null;
  fill(section, {how: word(`${how}-title`), more: word(`${how}-more`)});
  const flags = page.view.flags.length > 0;
  $('#finished-crisis').replaceChildren(...$$('.crisis', page.form).filter(box => flags && page.view.flags.some(({path}) => path === box.parentElement.path)).map(box => {
    const shown = box.cloneNode(true);
    shown.hidden = false;
    $('h3', shown).ariaLevel = 2;   // it stands before all else
    return shown;
  }));
  $('#whole').replaceChildren(...whole(page));
  consents(page);
  nextForm(page);
  $('#copy').onclick = () => copy(page);
  $('#print').onclick = () => print();
  $('#amend').onclick = () => amend(page);
  $('#taking-back-no').onclick = () => $('#taking-back').close();
  page.stand('finished');
  document.title = [word(`${how}-title`), $('.form-title').textContent].join(' – ');
  history.replaceState(null, '', '#finished');
  keepLanguageLinks();
  if (how !== 'handed-in') focusOn($('h2', section));
};

// Nobody sends what they have not seen: what another device has answered meanwhile is looked through first.
const lookFirst = page => {
  if (page.at !== 'check') page.go('check');
  show($('#news'));
  focusOn($('#conflicts li') ? $('#conflicts h2') : $('#news'));
};

// The answers that are sent. A signature that was taken back and is not given anew stays in the record as it was, and signs nothing.
const told = page => {
  const idle = $$('.signs', page.form).filter(place => place.stood && excused(page).has(place.path));
  const put = what => { for (const place of idle) write([place.item], place.parentElement, what(place)); };
  put(({stood}) => stood);
  const answers = page.answers();
  put(() => []);
  return answers;
};

// Hands in what stands in the page; `merges`: how often another device's answers had come in before; `again`: it came out that it was first.
export const send = async (page, signatures, merges = page.merges, again = false) => {
  const draft = page.view.status === 'in-progress';
  if (draft) await save(again);
  if (page.news || page.merges !== merges) return lookFirst(page);
  const said = {...told(page), seen: [...page.seen], language: page.language, signatures};
  const body = draft ? said : {...said, withdrawn: [], kept: [...page.kept ?? []], reason: $('#why').value.trim()};
  try {
    page.view = (await change(draft ? 'submit' : 'amend', body)).view;
  } catch (problem) {
    if (problem.status === 412 && draft && !again) return send(page, signatures, page.merges, true);
    if (problem.type !== 'already-sent') throw problem;
    page.view = await ask(`responses/${encodeURIComponent(page.view.id)}`);   // its answer was lost on the way
  }
  await drop(page);
  page.keeps = false;
  show($('#offline'), false);
  show($('#saved'), false);
  finish(page, draft ? 'sent-in' : 'changed');
};

// Who changes something signs anew, and says anew that it is true. A No stays one.
const unsign = page => {
  for (const section of new Set($$('.signs', page.form).map(place => place.closest('[data-page]')))) for (const place of $$('.q', section)) {
    if (!place.item || !(place.matches('.signs') || place.item.consent)) continue;
    const [there] = read([place.item], place.parentElement);
    if (place.matches('.signs') && there) place.stood = [there];
    if (place.matches('.signs') || there?.answer[0].valueBoolean) write([place.item], place.parentElement, []);
  }
  page.settle();
};

// What a form that was handed in is opened for: what was sent back, or to be looked at.
export const stand = page => {
  const {returned} = page.view;
  page.kept = new Set();
  if (returned.length) {
    unsign(page);
    const signed = $$('.signs', page.form).map(place => place.closest('[data-page]').dataset.page);
    page.wanted = new Set([...returned.map(({path}) => pageOf(page, path)), ...signed]);
    return;
  }
  finish(page, 'handed-in');
};

// Everything is asked again, to be changed.
const amend = page => {
  page.over = false;
  page.amending = true;
  unsign(page);
  page.seen = new Set(page.rules.starts);
  page.stand('form');
  page.go('check');
};
