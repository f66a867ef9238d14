import type { BusWorld } from './bus.contract.ts'
import { busContract } from './bus.contract.ts'
import { memoryBus } from './memory-bus.ts'

const openWorld = async (): Promise<BusWorld> => {
  const bus = memoryBus()
  return {
    nodes: [bus, bus],
    settled: async () => {},
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  }
}

busContract('one node', openWorld, { canLose: false })
