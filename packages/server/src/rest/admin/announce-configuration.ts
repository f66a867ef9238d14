import type { AccountId } from '@ringdown/protocol'
import { type ConfigurationNews, subjects } from '../../bus/subjects.ts'
import type { AdministrationParts } from './administration-parts.ts'

/** Tells routing, and whoever remembers something of it, that configuration changed. [RT5] [ADM6] */
export const announceConfiguration = (
  { bus }: Pick<AdministrationParts, 'bus'>,
  accountId: AccountId,
  ...collections: ConfigurationNews['collections']
): void => {
  const news: ConfigurationNews = { collections }
  bus.publish(subjects.configuration(accountId), news)
  bus.publish(subjects.routing(accountId), {})
}
