/** Configuration, and the ports that every process needs: loaded in a moment. [OPS64] */
export { systemClock } from './clock.ts'
export type { Config, Limits } from './config.ts'
export { defaultConfig, defaultLimits } from './config.ts'
export { ConfigurationError } from './configuration-error.ts'
export { systemIds } from './ids.ts'
export { effectiveSettings, loadConfig, printable, type Sources } from './load-config.ts'
export { refuseStart } from './refuse-start.ts'
export { type Setting, settings } from './settings.ts'
