import type { Dialog } from '../../domain/conversation.ts'

const rank = ({ type }: Dialog): number => (type === 'main' ? 0 : 1)

/** The main dialog first, then by time of creation. */
export const dialogOrder = (one: Dialog, other: Dialog): number =>
  rank(one) - rank(other) || one.createdAt - other.createdAt
