// The staff's host, before the cache: which object an address means. scripts/local/finding.py decides the same for the local run.
// Put in by scripts/building/edge.py from the renderer's own table.
const STAFF = [/* staff */];
const ASSET = /* asset */ /^$/;

function handler(event) {
  const request = event.request;
  if (ASSET.test(request.uri)) {
    return request;
  }
  const key = request.uri.slice(1);
  const file = key === '' || key.charAt(key.length - 1) === '/' ? key + 'index.html' : key;
  request.uri = STAFF.indexOf(file) >= 0 ? '/' + file : '/404.html';
  return request;
}
