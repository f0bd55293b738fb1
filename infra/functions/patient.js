// The patients' host, before the cache: which object an address means, and in which language. scripts/local/finding.py decides the same
// for the local run; tests/deploy/test_edge_functions.py holds the two together. Runtime: cloudfront-js-2.0 (ES 5.1, const, let, async).
import cf from 'cloudfront';

const kvs = cf.kvs();
// Put in by scripts/building/edge.py from the renderer's own tables, and from the headers of the overlay.
const BRAND = [/* brand */];
const CLINIC = [/* clinic */];
const TONGUE = [/* tongue */];
const HEADERS = {/* headers */};
const FORM = /* form */ /^$/;
const ASSET = /* asset */ /^$/;
const SLUG = /* slug */ /^$/;
const WISH = /* wish */ /^$/;
const WISHES = 20;
const NOT_FOUND = '404.html';

async function handler(event) {
  const request = event.request;
  if (ASSET.test(request.uri)) {
    return request;
  }
  const parts = request.uri.split('/');
  const tongues = await spoken(parts[1]);
  if (tongues.length > 0 && (parts.length === 2 || (parts.length === 3 && parts[2] === ''))) {
    return toLanguage(request, parts[1], tongues);
  }
  request.uri = '/' + found(parts, tongues);
  return request;
}

// The languages of a clinic, its own first; none where there is no such clinic.
async function spoken(clinic) {
  if (!SLUG.test(clinic)) {
    return [];
  }
  try {
    const told = await kvs.get(clinic);
    return told.split(',');
  } catch (missing) {
    return [];
  }
}

// The key of an address, or of the not-found page that is meant: the clinic's in the language of the address, its first, the brand's.
function found(parts, tongues) {
  const file = parts[parts.length - 1] === '' ? 'index.html' : parts[parts.length - 1];
  const key = parts.slice(1, -1).concat([file]).join('/');
  if (BRAND.indexOf(key) >= 0) {
    return key;
  }
  if (tongues.length === 0) {
    return NOT_FOUND;
  }
  if (CLINIC.indexOf(below(key, 1)) >= 0) {
    return key;
  }
  const known = tongues.indexOf(parts[2]) >= 0;
  if (known && (TONGUE.indexOf(below(key, 2)) >= 0 || FORM.test(below(key, 2)))) {
    return key;
  }
  return parts[1] + '/' + (known ? parts[2] : tongues[0]) + '/' + NOT_FOUND;
}

function below(key, folders) {
  return key.split('/').slice(folders).join('/');
}

// From a clinic's bare address into the language that the reader likes best.
function toLanguage(request, clinic, tongues) {
  const header = request.headers['accept-language'];
  const query = request.rawQueryString();
  const place = '/' + clinic + '/' + preferred(header ? header.value : '', tongues) + '/';
  const headers = { location: { value: query ? place + '?' + query : place } };
  Object.keys(HEADERS).forEach(function (name) {
    headers[name] = { value: HEADERS[name] };
  });
  return { statusCode: 302, statusDescription: 'Found', headers: headers };
}

// The language, of those offered, that an Accept-Language header gives the most weight; the first where it likes none.
function preferred(header, offered) {
  const wishes = header.split(',', WISHES);
  let best = offered[0];
  let most = 0;
  for (let place = 0; place < wishes.length; place++) {
    const wish = WISH.exec(wishes[place]);
    if (wish) {
      const weight = wish[2] === undefined ? 1 : Number(wish[2]);
      const tongue = wish[1].toLowerCase();
      if (weight > most && offered.indexOf(tongue) >= 0) {
        best = tongue;
        most = weight;
      }
    }
  }
  return best;
}
