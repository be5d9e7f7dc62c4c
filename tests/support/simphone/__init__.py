"""A desk phone as vendors build them, simulated. Written from captures and vendors' documents; it shares no line with
Roamdesk's SIP, SDP or provisioning code, so that a misunderstanding of ours can't cancel itself out."""
