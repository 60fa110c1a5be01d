import { runService } from '@owngateway/service-kit';
import { compose } from './compose.ts';
import { ingressSettings } from './config.ts';

await runService({ name: 'ingress', settings: ingressSettings, start: compose });
