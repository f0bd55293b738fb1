// One visit's documents: whose they are, how far each has come, and one after the other to look at.
import {here, Refused} from '../shell/api.js';
import {$, askToRetry, clone, fill, focusOn, say, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {enter, may, ready, roleName, tried, work} from './frame.js';

const DATE = new Intl.DateTimeFormat(here.tag, {dateStyle: 'long', timeZone: 'UTC'});  // a date of birth has no zone
const STANDINGS = {none: 'sent', accepted: 'accepted', returned: 'returned'};
const [visit, wanted] = location.hash.slice(1).split('/').map(decodeURIComponent);  // `#<visit>`, or `#<visit>/<document>`
const path = (rest = '') => `appointments/${encodeURIComponent(visit)}/${rest}`;
const seen = {visit, files: [], file: null, page: 1};  // all of it, and what is looked at

// The two modules that a page without a visit needs not; asked for again where they did not come.
const viewer = () => import('./viewer.js').catch(() => { throw new Refused({type: 'unreachable'}); });
const bringDeciding = () => import('./deciding.js').then(({begin}) => begin({goOn, path, refresh, seen, tell})).catch(() => setTimeout(bringDeciding, 2000));

const standingOf = file => {
  if (file.withdrawn) return 'withdrawn';
  if (file.state === 'refused') return 'refused';
  if (file.state === 'released') return STANDINGS[file.review];
  return file.stuck ? 'stuck' : 'checking';
};
const ALIKE = {empty: 'incomplete', unreadable: 'incomplete', different: 'format', large: 'locked', unchecked: 'stuck'};  // reasons that are told in the same words
const whyNot = file => word(`why-${standingOf(file) === 'refused' ? ALIKE[file.reason] ?? file.reason : standingOf(file)}`);
const nameOf = file => (file.kindPages > 1 ? word('file-page', {kind: file.kindName, page: file.page}) : file.kindName);
const joined = (...parts) => parts.filter(Boolean).join(' · ');
const tagOf = standing => clone(`standing-${standing}`);
const standingName = standing => tagOf(standing).textContent.trim();

const tell = (text, isWrong = false) => {
  fill($('#viewer'), {told: text});
  $('#told').classList.toggle('is-warn', isWrong);
  show($('#told'), Boolean(text));
  if (text) say(text);
};

const drawThumb = file => {
  const row = clone('thumb'), button = $('button', row);
  fill(row, {page: word('page', {page: file.page}), standing: standingName(standingOf(file))});
  button.setAttribute('aria-current', file.id === seen.file?.id);
  button.addEventListener('click', () => { tell(''); look(file); });
  if (file.readable) viewer().then(({pictureOf}) => pictureOf(file, 1)).then(address => {
    $('img', row).src = address;
    show($('img', row));
    show($('svg', row), false);
  }, () => {});
  return row;
};

const drawKind = kind => {
  const row = clone('of-kind'), files = seen.files.filter(file => file.kind === kind.id);
  fill(row, {kind: kind.name});
  if (kind.needed && files.length !== 1) $('.tags', row).append(tagOf(kind.standing));
  $('.actions', row).append(...files.map(drawThumb));
  return row;
};
const drawKinds = () => $('#kinds').replaceChildren(...seen.told.kinds.filter(kind => kind.needed || kind.documents.length).map(drawKind));

const drawInsurance = insured => {
  show($('#insurance'), Boolean(insured));
  if (!insured) return;
  $('#insurance .tags').replaceChildren(clone(`insurance-${insured.status}`));
  fill($('#insurance'), {insured: joined(insured.note, insured.by && roleName(insured.by), insured.atLabel)});
};

const drawPlace = () => {
  const {file, page, files} = seen, readable = Boolean(file?.readable);
  const pages = file?.pages || 1, place = files.indexOf(file);
  fill($('#viewer'), {
    file: file ? nameOf(file) : word('nothing'),
    sent: joined(file?.name, file?.sentLabel),
    place: `${page} / ${pages}`,
    hold: word(file?.held ? 'free' : 'hold'),
  });
  $('#standing').replaceChildren(...(file ? [tagOf(standingOf(file))] : []));
  $('#previous').disabled = page === 1 && place <= 0;
  $('#next').disabled = page === pages && place === files.length - 1;
  for (const id of ['zoom-out', 'zoom-in', 'turn', 'save']) show($(`#${id}`), readable);
  show($('#tools'), Boolean(file) && (readable || files.length > 1));
  for (const id of ['accept', 'return', 'relabel']) show($(`#${id}`), readable && may($(`#${id}`).dataset.needs));
  show($('#accept'), readable && file.review !== 'accepted' && may('accept_document'));
  show($('#hold'), Boolean(file) && may('hold_document'));
  $('#picture').setAttribute('aria-label', `${file ? nameOf(file) : ''} ${word('page', {page})}`);
  drawKinds();
};

const drawPage = async () => {
  const {file, page} = seen, why = file?.readable ? '' : file ? whyNot(file) : word('nothing');
  fill($('#stage'), {why});
  show($('#no-picture'), Boolean(why));
  try {
    await (await viewer()).showPicture(file?.readable && file, page);
  } catch (problem) {
    if (!problem.type) throw problem;
    if (seen.file?.id !== file.id || seen.page !== page) return;
    await askToRetry(reasonOf(problem));
    $('#stage').focus();
    drawPage();
  }
};

// Opens a file at one of its pages.
const look = (file, page = 1) => {
  Object.assign(seen, {file, page});
  drawPlace();
  if (file?.reviewNote) tell(word('note', {note: file.reviewNote}));
  return drawPage();
};

const step = by => {
  const {file, files} = seen, page = seen.page + by;
  tell('');
  if (page >= 1 && page <= (file.pages || 1)) return look(file, page);
  const other = files[files.indexOf(file) + by];
  if (other) look(other, by < 0 ? other.pages || 1 : 1);
};

const waits = file => file.readable && file.review === 'none';
const draw = told => {
  seen.told = told;
  seen.files = told.kinds.flatMap(kind => kind.documents.map(file => ({...file, kindName: kind.name, kindPages: kind.pages})));
  const {name, birthDate, id} = told.patient;
  fill(document, {name, about: word('about', {born: DATE.format(new Date(birthDate)), ...told})});
  seen.patient = id;
  drawInsurance(told.insurance);
  show($('#open-export'), may('export_documents') && seen.files.some(file => file.readable));
};

const load = async () => draw(await work(path('documents')));

// How it stands now; the same file stays open where it is still there.
const refresh = async () => {
  await load();
  look(seen.files.find(file => file.id === seen.file?.id) ?? seen.files[0], seen.page);
};

// What was decided of a file is told, and the next one that waits opens.
const goOn = async standing => {
  const place = seen.files.indexOf(seen.file), id = seen.file.id;
  await load();
  const turned = [...seen.files.slice(place + 1), ...seen.files.slice(0, place + 1)];
  const next = turned.find(file => waits(file) && file.id !== id) ?? turned.find(waits);
  await look(next ?? seen.files.find(file => file.id === id) ?? seen.files[0]);
  tell(`${standingName(standing)}. ${next ? word('then', {file: nameOf(next)}) : word('all-done')}`);
  focusOn($('#file-title'));
};

$('#previous').addEventListener('click', () => step(-1));
$('#next').addEventListener('click', () => step(1));
$('#forms').hash = `v=${encodeURIComponent(visit)}`;
$('#back').hash = sessionStorage.getItem('queue') ?? '';
addEventListener('hashchange', () => location.reload());

const missing = () => {
  for (const id of ['waiting', 'head']) show($(`#${id}`), false);
  show($('#missing'));
  focusOn($('#missing'));
};

await enter('list_documents');
const there = visit && await tried(() => load().then(() => true, problem => {
  if (problem.status === 404) return false;
  throw problem;
}));
if (there) {
  ready();
  look(seen.files.find(file => file.id === wanted) ?? seen.files.find(waits) ?? seen.files[0]);
  bringDeciding();
} else missing();
