const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * A whole request body.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Buffer>} up to 32 MiB
 * @throws an error whose `status` is 413 when it is larger
 */
export async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw fault(413, 'The request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A request body as JSON.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<any>}
 * @throws an error whose `status` is 400 when it is not JSON, 413 when it is too large
 */
export async function readJson(request) {
  const body = await readBody(request);
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw fault(400, 'We could not parse the JSON body of your request.', cause);
  }
}

function fault(status, message, cause) {
  return Object.assign(new Error(message, { cause }), { status });
}

/** Answers with an error in the shape of the OpenAI API. */
export function sendError(response, status, { message, param = null, code = null }) {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  sendJson(response, { error: { message, type, param, code } }, status);
}

/** Answers with a JSON value. */
export function sendJson(response, value, status = 200) {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
