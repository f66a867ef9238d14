/**
 * News between nodes. The store is the truth; the bus only says that there is something to look at.
 *
 * Laws: at most once; what one node publishes on one subject arrives in that order or not at all;
 * `listen` hears everything published after it returned, subject to loss; after a possible loss
 * (a reconnect, an overrun) the listener is told `gap` and reads the store. A listener must not
 * throw. On one node delivery is synchronous, inside `publish`.
 */
export type Hear<News> = (news: News | 'gap') => void

export interface Bus extends AsyncDisposable {
  publish(subject: string, news: unknown): void
  listen<News>(subject: string, hear: Hear<News>): Disposable
}
