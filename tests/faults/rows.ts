import type { FaultRow } from './fault-row.ts';
import { dispatcherKilled } from './group-a/01-dispatcher-killed.ts';
import { jobKilledRepeatedly } from './group-a/02-job-killed-repeatedly.ts';
import { gracefulStop } from './group-a/03-graceful-stop.ts';
import { stopWhileHung } from './group-a/04-stop-while-hung.ts';
import { rollingRestart } from './group-a/05-rolling-restart.ts';
import { crashLoop } from './group-a/06-crash-loop.ts';
import { dispatcherFrozen } from './group-a/07-dispatcher-frozen.ts';
import { eventLoopBlocked } from './group-a/08-event-loop-blocked.ts';
import { redisFrozen } from './group-a/09-redis-frozen.ts';
import { redisKilled } from './group-a/10-redis-killed.ts';
import { redisForgets } from './group-a/11-redis-forgets.ts';
import { queueWiped } from './group-a/12-queue-wiped.ts';
import { jobsMissing } from './group-a/13-jobs-missing.ts';
import { redisCredentials } from './group-a/15-redis-credentials.ts';
import { redisFailover } from './group-a/16-redis-failover.ts';
import { redisFull } from './group-a/17-redis-full.ts';
import { evictionRefused } from './group-a/18-eviction-refused.ts';
import { poisonEvent } from './group-a/19-poison-event.ts';
import { poisonConfiguration } from './group-a/20-poison-configuration.ts';
import { thunderingHerd } from './group-a/21-thundering-herd.ts';
import { enqueueUnanswered } from './group-a/22-enqueue-unanswered.ts';
import { backupRestored } from './group-a/96-backup-restored.ts';
import { storeKilled } from './group-b/23-store-killed.ts';
import { replyLost } from './group-b/24-reply-lost.ts';
import { storeFrozen } from './group-b/25-store-frozen.ts';
import { storeSlow } from './group-b/26-store-slow.ts';
import { primaryStepsDown } from './group-b/27-primary-steps-down.ts';
import { rollback } from './group-b/28-rollback.ts';
import { badMigration } from './group-b/29-bad-migration.ts';
import { twoClaims } from './group-b/30-two-claims.ts';
import { diskFull } from './group-b/31-disk-full.ts';
import { millionStored } from './group-b/101-million-stored.ts';
import { hang } from './group-c/32-hang.ts';
import { dripHead } from './group-c/33-drip-head.ts';
import { dripBody } from './group-c/34-drip-body.ts';
import { interimAnswers } from './group-c/35-interim-answers.ts';
import { noisyNeighbour } from './group-c/36-noisy-neighbour.ts';
import { retryFlood } from './group-c/37-retry-flood.ts';
import { endlessBody } from './group-c/38-endless-body.ts';
import { compressionBomb } from './group-c/39-compression-bomb.ts';
import { hugeErrorPage } from './group-c/40-huge-error-page.ts';
import { headerAttacks } from './group-c/41-header-attacks.ts';
import { resets } from './group-c/42-resets.ts';
import { slowClose } from './group-c/43-slow-close.ts';
import { statusTable } from './group-c/44-status-table.ts';
import { socketExhaustion } from './group-c/45-socket-exhaustion.ts';
import { tlsFailures } from './group-c/46-tls-failures.ts';
import { flapping } from './group-c/47-flapping.ts';
import { flood } from './group-c/102-flood.ts';
import { retrySchedule } from './group-c/105-retry-schedule.ts';
import { addressCorpus } from './group-d/48-address-corpus.ts';
import { spellingCorpus } from './group-d/49-spelling-corpus.ts';
import { rebinding } from './group-d/50-rebinding.ts';
import { mixedAnswers } from './group-d/51-mixed-answers.ts';
import { resolverErrors } from './group-d/52-resolver-errors.ts';
import { redirects } from './group-d/53-redirects.ts';
import { portsAndSchemes } from './group-d/54-ports-and-schemes.ts';
import { transportBypass } from './group-d/55-transport-bypass.ts';
import { environmentProxy } from './group-d/56-environment-proxy.ts';
import { slowDns } from './group-d/57-slow-dns.ts';
import { oracle } from './group-d/58-oracle.ts';
import { instantResolver } from './group-d/59-instant-resolver.ts';
import { oversize } from './group-e/60-oversize.ts';
import { methodsAndPaths } from './group-e/61-methods-and-paths.ts';
import { oddBodies } from './group-e/62-odd-bodies.ts';
import { malformedJson } from './group-e/63-malformed-json.ts';
import { forgedSignatures } from './group-e/64-forged-signatures.ts';
import { repeatedCaptures } from './group-e/65-repeated-captures.ts';
import { enumeration } from './group-e/66-enumeration.ts';
import { slowClients } from './group-e/67-slow-clients.ts';
import { headerFloods } from './group-e/68-header-floods.ts';
import { smuggling } from './group-e/69-smuggling.ts';
import { overload } from './group-e/70-overload.ts';
import { deepAndPolluted } from './group-e/71-deep-and-polluted.ts';
import { sameBytes } from './group-e/72-same-bytes.ts';
import { shedding } from './group-e/106-shedding.ts';
import { vectors } from './group-g/84-vectors.ts';
import { tamperedSeals } from './group-g/85-tampered-seals.ts';
import { rotations } from './group-g/86-rotations.ts';
import { clockSkew } from './group-g/87-clock-skew.ts';
import { replays } from './group-g/88-replays.ts';
import { leakScan } from './group-g/89-leak-scan.ts';
import { queueContent } from './group-g/90-queue-content.ts';

/** All rows, in the order in which they run. A new row is a file of its own and a line here. */
export const rows: readonly FaultRow[] = [
  dispatcherKilled,
  jobKilledRepeatedly,
  gracefulStop,
  stopWhileHung,
  rollingRestart,
  crashLoop,
  dispatcherFrozen,
  eventLoopBlocked,
  redisFrozen,
  redisKilled,
  redisForgets,
  queueWiped,
  jobsMissing,
  redisCredentials,
  redisFailover,
  redisFull,
  evictionRefused,
  enqueueUnanswered,
  backupRestored,
  poisonEvent,
  poisonConfiguration,
  thunderingHerd,
  storeKilled,
  replyLost,
  storeFrozen,
  storeSlow,
  primaryStepsDown,
  rollback,
  badMigration,
  twoClaims,
  diskFull,
  millionStored,
  hang,
  dripHead,
  dripBody,
  interimAnswers,
  noisyNeighbour,
  retryFlood,
  flood,
  endlessBody,
  compressionBomb,
  hugeErrorPage,
  headerAttacks,
  resets,
  slowClose,
  statusTable,
  retrySchedule,
  socketExhaustion,
  tlsFailures,
  flapping,
  addressCorpus,
  spellingCorpus,
  rebinding,
  mixedAnswers,
  resolverErrors,
  redirects,
  portsAndSchemes,
  transportBypass,
  environmentProxy,
  slowDns,
  oracle,
  instantResolver,
  oversize,
  methodsAndPaths,
  oddBodies,
  malformedJson,
  forgedSignatures,
  repeatedCaptures,
  enumeration,
  slowClients,
  headerFloods,
  smuggling,
  overload,
  deepAndPolluted,
  sameBytes,
  shedding,
  vectors,
  tamperedSeals,
  rotations,
  clockSkew,
  replays,
  leakScan,
  queueContent,
];
