#!version:1.0.0.1
{{! Yealink T3x, T4x, T5x. One key a line; %NULL% sets the phone's default back. What is not named keeps its old value, }}
{{! so that everything a person can leave behind is named here. docs/phones.md lists the names that can be used. }}
# Roamdesk {{MAC}} {{GENERATION}}
static.auto_provision.server.url = {{URL}}
static.auto_provision.server.username = %NULL%
static.auto_provision.server.password = %NULL%
static.auto_provision.power_on = 1
static.auto_provision.repeat.enable = 1
static.auto_provision.repeat.minutes = {{REFETCH_MINUTES}}
static.auto_provision.pnp_enable = 0
static.auto_provision.dhcp_option.enable = 0
static.auto_provision.custom.protect = 0
static.zero_touch.enable = 0
{{! The maker's device management. }}
static.dm.enable = 0
{{! In its turn alone; it restarts by itself. }}
static.firmware.url = {{FIRMWARE_URL}}
{{! A NOTIFY resyncs without a reboot, and only from the SBC or core. }}
sip.notify_reboot_enable = 0
sip.trust_ctrl = 1
features.action_uri.enable = 0
features.show_action_uri_option = 0
{{! Certificates are checked by our authority alone, and by no other one. action_url.registered shows that the phone can. }}
static.trusted_certificates.url = {{AUTHORITY_URL}}
static.security.trust_certificates = {{#TRUST_ON}}1{{/TRUST_ON}}{{#TRUST_OFF}}0{{/TRUST_OFF}}
static.security.ca_cert = {{#TRUST_ON}}1{{/TRUST_ON}}{{#TRUST_OFF}}%NULL%{{/TRUST_OFF}}
static.security.cn_validation = 0
action_url.registered = {{REACH_URL}}
{{#ADMIN_PASSWORD_ON}}
static.security.user_password = admin:{{ADMIN_PASSWORD}}
{{/ADMIN_PASSWORD_ON}}

account.1.enable = 1
account.1.label = {{LABEL}}
account.1.display_name = {{DISPLAY_NAME}}
account.1.user_name = {{USER}}
account.1.auth_name = {{AUTH_USER}}
account.1.password = {{PASSWORD}}
account.1.sip_server.1.address = {{DOMAIN}}
account.1.sip_server.1.port = 5060
account.1.sip_server.1.transport_type = {{TRANSPORT}}
account.1.sip_server.1.expires = {{EXPIRES}}
account.1.sip_server.1.retry_counts = 3
account.1.sip_server.2.address = %NULL%
account.1.sip_server.2.port = %NULL%
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = {{PROXY}}
account.1.outbound_proxy.1.port = {{PROXY_PORT}}
account.1.outbound_proxy.2.address = %NULL%
account.1.sip_trust_ctrl = 1
account.1.unregister_on_reboot = 0
account.1.srtp_encryption = {{#SRTP_OFF}}0{{/SRTP_OFF}}{{#SRTP_OPTIONAL}}1{{/SRTP_OPTIONAL}}{{#SRTP_REQUIRED}}2{{/SRTP_REQUIRED}}
account.1.dtmf.type = 1
account.1.subscribe_mwi = {{MWI}}
account.1.subscribe_mwi_expires = 900
voice_mail.number.1 = {{VOICEMAIL}}
account.1.blf.subscribe_period = 1800
account.1.auto_dial_enable = 0
account.1.auto_dial_num = %NULL%
{{! What a person switches on at the phone for this account. }}
account.1.auto_answer = 0
account.1.anonymous_call = 0
account.1.reject_anonymous_call = 0
account.1.always_fwd.on_code = %NULL%
account.1.always_fwd.off_code = %NULL%
account.1.busy_fwd.on_code = %NULL%
account.1.busy_fwd.off_code = %NULL%
account.1.timeout_fwd.on_code = %NULL%
account.1.timeout_fwd.off_code = %NULL%
account.1.dnd.on_code = %NULL%
account.1.dnd.off_code = %NULL%
{{#CODEC}}
account.1.codec.{{CODEC_NAME}}.enable = 1
account.1.codec.{{CODEC_NAME}}.priority = {{CODEC_PRIORITY}}
{{/CODEC}}
{{#UNUSED_CODEC}}
account.1.codec.{{CODEC_NAME}}.enable = 0
{{/UNUSED_CODEC}}
{{#UNUSED_ACCOUNT}}
account.{{INDEX}}.enable = 0
account.{{INDEX}}.label = %NULL%
account.{{INDEX}}.display_name = %NULL%
account.{{INDEX}}.user_name = %NULL%
account.{{INDEX}}.auth_name = %NULL%
account.{{INDEX}}.password = %NULL%
account.{{INDEX}}.sip_server.1.address = %NULL%
account.{{INDEX}}.outbound_proxy_enable = 0
account.{{INDEX}}.outbound_proxy.1.address = %NULL%
account.{{INDEX}}.subscribe_mwi = 0
voice_mail.number.{{INDEX}} = %NULL%
{{/UNUSED_ACCOUNT}}

{{! The phone's own star codes, forwarding and do-not-disturb: ours would never be dialled otherwise. }}
{{! fwd_mode, dnd_mode: 0 for the whole phone, 1 for each account. }}
features.fwd_mode = 0
features.dnd_mode = 0
features.dnd.on_code = %NULL%
features.dnd.off_code = %NULL%
forward.always.on_code = %NULL%
forward.always.off_code = %NULL%
forward.busy.on_code = %NULL%
forward.busy.off_code = %NULL%
forward.no_answer.on_code = %NULL%
forward.no_answer.off_code = %NULL%
{{! What a person leaves on at the phone; once it is theirs, a file that is fetched anew doesn't end it. }}
{{#NEW_PERSON}}
account.1.dnd.enable = 0
account.1.always_fwd.enable = 0
account.1.always_fwd.target = %NULL%
account.1.busy_fwd.enable = 0
account.1.busy_fwd.target = %NULL%
account.1.timeout_fwd.enable = 0
account.1.timeout_fwd.target = %NULL%
features.dnd.enable = 0
forward.always.enable = 0
forward.always.target = %NULL%
forward.busy.enable = 0
forward.busy.target = %NULL%
forward.no_answer.enable = 0
forward.no_answer.target = %NULL%
{{/NEW_PERSON}}
features.pickup.direct_pickup_enable = 0
features.pickup.direct_pickup_code = {{PICKUP}}
{{! Behind the code the phone dials the number that the lamp watches. }}
features.blf_pickup_only_send_code = 0
features.pickup.group_pickup_enable = 0
features.pickup.group_pickup_code = %NULL%
features.hotline_number = %NULL%
{{! Nothing is replaced or blocked, everything is dialled as typed. }}
dialplan.digitmap.enable = 0
dialplan.area_code.code = %NULL%
dialplan.block_out.number.1 = %NULL%
dialplan.replace.prefix.1 = %NULL%
dialplan.replace.replace.1 = %NULL%
dialplan.dialnow.rule.1 = %NULL%
phone_setting.emergency.number = {{EMERGENCY}}
features.key_as_send = 1

{{#HOT_DESK}}
features.save_call_history = 0
{{! Until V80, and since V81. }}
phone_setting.lock = 0
phone_setting.phone_lock.enable = 0
{{! A word of the vendor's: everything. }}
local_contact.data.delete = http://localhost/all
{{/HOT_DESK}}
{{#DEDICATED}}
features.save_call_history = 1
{{/DEDICATED}}

lang.gui = {{LANGUAGE}}
lang.wui = {{LANGUAGE}}
local_time.ntp_server1 = {{NTP}}
local_time.ntp_server2 = {{NTP}}
local_time.manual_ntp_srv_prior = 1
local_time.time_zone = {{TIME_ZONE}}
{{#DAYLIGHT_SAVING}}
local_time.summer_time = 1
local_time.dst_time_type = 1
local_time.start_time = {{DST_START_MONTH}}/{{DST_START_WEEK}}/{{DST_START_WEEKDAY}}/{{DST_START_HOUR}}
local_time.end_time = {{DST_END_MONTH}}/{{DST_END_WEEK}}/{{DST_END_WEEKDAY}}/{{DST_END_HOUR}}
local_time.offset_time = {{DST_MINUTES}}
{{/DAYLIGHT_SAVING}}
{{#NO_DAYLIGHT_SAVING}}
local_time.summer_time = 0
{{/NO_DAYLIGHT_SAVING}}
{{#RING_TONE_ON}}
phone_setting.ring_type = {{RING_TONE}}
{{/RING_TONE_ON}}
{{#BACKLIGHT_ON}}
phone_setting.backlight_time = {{BACKLIGHT}}
{{/BACKLIGHT_ON}}

{{! The keys below the screen, and what else has a programmable key: back to the phone's own. }}
{{#SOFT_KEY}}
programablekey.{{INDEX}}.type = %NULL%
programablekey.{{INDEX}}.line = %NULL%
programablekey.{{INDEX}}.value = %NULL%
programablekey.{{INDEX}}.label = %NULL%
programablekey.{{INDEX}}.extension = %NULL%
{{/SOFT_KEY}}
{{! Types: 0 none, 13 speed dial, 15 line, 16 BLF; the phone's own: 2 forward, 3 transfer, 4 hold, 5 do-not-disturb, 12 voicemail. }}
{{! Key 1 is a line key by default. }}
{{! A lamp's pickup code is pickup_value since V80; before, it was extension, with the number behind the code. }}
{{#KEY}}
{{#SPEED_DIAL}}
linekey.{{INDEX}}.type = 13
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/SPEED_DIAL}}
{{#BLF}}
linekey.{{INDEX}}.type = 16
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
{{#PICKUP_ON}}
linekey.{{INDEX}}.extension = {{PICKUP}}{{VALUE}}
linekey.{{INDEX}}.pickup_value = {{PICKUP}}
{{/PICKUP_ON}}
{{#PICKUP_OFF}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/PICKUP_OFF}}
{{/BLF}}
{{#LINE}}
linekey.{{INDEX}}.type = 15
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = %NULL%
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/LINE}}
{{#DND}}
linekey.{{INDEX}}.type = 5
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/DND}}
{{#HOLD}}
linekey.{{INDEX}}.type = 4
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/HOLD}}
{{#TRANSFER}}
linekey.{{INDEX}}.type = 3
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/TRANSFER}}
{{#FORWARD}}
linekey.{{INDEX}}.type = 2
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/FORWARD}}
{{#VOICEMAIL_KEY}}
linekey.{{INDEX}}.type = 12
linekey.{{INDEX}}.line = 1
linekey.{{INDEX}}.value = {{VALUE}}
linekey.{{INDEX}}.label = {{KEY_LABEL}}
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/VOICEMAIL_KEY}}
{{#NONE}}
linekey.{{INDEX}}.type = 0
linekey.{{INDEX}}.line = %NULL%
linekey.{{INDEX}}.value = %NULL%
linekey.{{INDEX}}.label = %NULL%
linekey.{{INDEX}}.extension = %NULL%
linekey.{{INDEX}}.pickup_value = %NULL%
{{/NONE}}
{{/KEY}}
{{! Expansion modules; a person's keys go on there behind the phone's last one. }}
{{#MODULE}}
{{#MODULE_KEY}}
{{#SPEED_DIAL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 13
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/SPEED_DIAL}}
{{#BLF}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 16
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
{{#PICKUP_ON}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = {{PICKUP}}{{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = {{PICKUP}}
{{/PICKUP_ON}}
{{#PICKUP_OFF}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/PICKUP_OFF}}
{{/BLF}}
{{#DND}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 5
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/DND}}
{{#HOLD}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 4
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/HOLD}}
{{#TRANSFER}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 3
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/TRANSFER}}
{{#FORWARD}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 2
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/FORWARD}}
{{#VOICEMAIL_KEY}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 12
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = 1
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = {{VALUE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = {{KEY_LABEL}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/VOICEMAIL_KEY}}
{{#NONE}}
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.type = 0
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.line = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.value = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.label = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.extension = %NULL%
expansion_module.{{MODULE_INDEX}}.key.{{INDEX}}.pickup_value = %NULL%
{{/NONE}}
{{/MODULE_KEY}}
{{/MODULE}}
