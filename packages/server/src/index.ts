/** The server itself. What is light stands in `configuration.ts`, so that a command can do without this. */
export type { Context } from './context.ts'
export type { RunningServer, StartOptions } from './server.ts'
export { startServer } from './server.ts'
export { openStore } from './store/open-store.ts'
