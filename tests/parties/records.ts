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
  duration_ms: number;
  outcome: string;
  http_status: number | null;
  response_headers: Readonly<Record<string, string>> | null;
  response_body: string | null;
  retry_after_s: number | null;
  next_attempt_at: string | null;
  failure: { reason: string; request_sent: boolean } | null;
}

export interface DeliveryWithAttemptsBody extends DeliveryBody {
  next_attempt_at: string | null;
  held_back_by: string | null;
  completed_at: string | null;
  attempts: AttemptBody[];
}

export interface NotificationBody {
  id: string;
  connector: string;
  verdict: string;
  detail: string | null;
  attempts_made: number;
  next_attempt_at: string | null;
  items: { connector_type: string; event_id: string | null; event_type: string | null; reason: string | null }[];
}
