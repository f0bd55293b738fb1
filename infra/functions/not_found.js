// After the cache: a page that was published with a status of its own is answered with it. What a browser asked for in part, or
// has already (206, 304), keeps the status of that answer.
function handler(event) {
  const response = event.response;
  const told = response.headers['x-amz-meta-status'];
  if (told) {
    delete response.headers['x-amz-meta-status'];
    if (response.statusCode === 200) {
      response.statusCode = Number(told.value);
      response.statusDescription = 'Not Found';
    }
  }
  return response;
}
