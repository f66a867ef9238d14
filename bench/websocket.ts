/** The same WebSocket library, at the same version, as the server's: whatever else is installed. */
import { createRequire } from 'node:module'
import type * as websocket from 'ws'

const require = createRequire(new URL('../packages/server/package.json', import.meta.url))

export const { WebSocketServer } = require('ws') as typeof websocket
export const websocketVersion = (require('ws/package.json') as { version: string }).version
