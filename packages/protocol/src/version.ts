/**
 * The number of this contract. Two rules:
 * - A change that older peers can ignore (a new optional field, a new method) and one that they cannot
 *   both raise the number, so that two builds can be compared.
 * - A change that older peers cannot ignore is served in its older form too for one release.
 *
 * History:
 * 1  Both dialects of the consumer and the agent side; files, secure forms and brand profiles by name.
 * 2  The reason for declining a ring, as an extension of this server.
 */
export const PROTOCOL_VERSION = 2
