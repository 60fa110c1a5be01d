/** What a vendor wants to hear once everything is stored. */
export interface Acknowledgement {
  status: number;
  contentType: string | null;
  body: string;
}
