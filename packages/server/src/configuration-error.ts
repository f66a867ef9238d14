/** The server cannot start as it is configured; the message says what to do next. */
export class ConfigurationError extends Error {}
