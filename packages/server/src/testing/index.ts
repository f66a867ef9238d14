export { ManualClock } from './manual-clock.ts'
export { SocketClient } from './socket-client.ts'
export type { TestAgent, TestServerOptions } from './test-server.ts'
export { TestServer, testServer } from './test-server.ts'
