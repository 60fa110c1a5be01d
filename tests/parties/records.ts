/** What the API answers with, as far as the stories read it. */

export interface SubscriptionBody {
  id: string;
  url: string;
  status: 'enabled' | 'disabled';
  status_reason: string | null;
}

export interface EventBody {
  id: string;
  merchant_id: string | null;
  type: string;
  connector: string | null;
  object_references: string[];
}

export interface EventWithPayloadBody extends EventBody {
  payload: string | null;
  deliveries: DeliveryBody[];
}

export type DeliveryStatus = 'pending' | 'retrying' | 'delivered' | 'failed' | 'cancelled' | 'held';

export interface DeliveryBody {
  id: string;
  event_id: string;
  event_type: string;
  merchant_id: string | null;
  subscription_id: string | null;
  status: DeliveryStatus;
  attempts_made: number;
  last_outcome: string | null;
  dead_letter: { reason: string; at: string } | null;
}

export interface AttemptBody {
  id: string;
  number: number;
  trigger: 'first' | 'retry' | 'replay' | 'test';
  started_at: string;
  outcome: string;
  http_status: number | null;
  next_attempt_at: string | null;
}

export interface DeliveryWithAttemptsBody extends DeliveryBody {
  attempts: AttemptBody[];
}
