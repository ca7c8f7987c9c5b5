// Loaded into the suite's origin before it starts.
const http = require('node:http')
const net = require('node:net')

// It would listen everywhere.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest)
}

// Two tests announce fewer bytes than they send. On a connection that is kept open the rest would
// be read as the start of the next answer, which may be that of any other test.
const end = http.ServerResponse.prototype.end
http.ServerResponse.prototype.end = function (chunk, ...rest) {
  const announced = this.getHeader('Content-Length')
  if (typeof chunk === 'string' && announced !== undefined && Number(announced) !== Buffer.byteLength(chunk)) {
    this.shouldKeepAlive = false
  }
  return end.call(this, chunk, ...rest)
}
