<?xml version="1.0" encoding="UTF-8"?>
{{! Grandstream. GRP and GXP21xx take names; GXP16xx and 17xx numbers alone, whose keys differ (dialects gxp16, gxp17). GHP, WP and GXV are given numbers, too. }}
{{! Expiry is in minutes. The server path has no scheme. }}
<gs_provision version="1">
 <mac>{{MAC}}</mac>
{{#ALIASES}}
 <config version="2">
  <item name="account.1.enable">Yes</item>
  <item name="account.1.name">{{LABEL}}</item>
  <item name="account.1.sip.subscriber.name">{{DISPLAY_NAME}}</item>
  <item name="account.1.sip.userid">{{USER}}</item>
  <item name="account.1.sip.subscriber.userid">{{AUTH_USER}}</item>
  <item name="account.1.sip.subscriber.password">{{PASSWORD}}</item>
  <item name="account.1.sip.server.1.address">{{DOMAIN}}</item>
  <item name="account.1.sip.server.2.address"></item>
  <item name="account.1.sip.outboundProxy.1.address">{{PROXY}}:{{PROXY_PORT}}</item>
  <item name="account.1.sip.transport">{{TRANSPORT}}</item>
  <item name="account.1.sip.registration">Yes</item>
  <item name="account.1.sip.registerExpiration">{{EXPIRES_MINUTES}}</item>
  <item name="account.1.sip.unregisterOnReboot">No</item>
  <item name="account.1.audio.srtpMode">{{#SRTP_OFF}}Disabled{{/SRTP_OFF}}{{#SRTP_OPTIONAL}}EnabledButNotForced{{/SRTP_OPTIONAL}}{{#SRTP_REQUIRED}}EnabledAndForced{{/SRTP_REQUIRED}}</item>
  <item name="account.1.dtmf.sendInAudio">No</item>
  <item name="account.1.dtmf.sendInRtp">Yes</item>
  <item name="account.1.dtmf.sendInSip">No</item>
  <item name="account.1.sip.voicemail.number">{{VOICEMAIL}}</item>
  <item name="account.1.sip.subscribe.forMwi">{{MWI_WORD}}</item>
  <item name="account.1.sip.blf.callPickup.prefix">{{PICKUP}}</item>
  <item name="account.1.sip.blf.callPickup.forcePrefix">Auto</item>
  <item name="account.1.call.dialplan">{ [*x]+ | \+x+ }</item>
  <item name="account.1.featureCodes.callFeatures">No</item>
  {{#NEW_PERSON}}
  <item name="account.1.featureCodes.callForwardUnconditionallyTarget"></item>
  <item name="account.1.featureCodes.callForwardBusyTarget"></item>
  <item name="account.1.featureCodes.callForwardDelayedTarget"></item>
  {{/NEW_PERSON}}
  <item name="call.dnd.enable">No</item>
  <item name="keys.custom.mute.idle">Disabled</item>
  {{#HOT_DESK}}
  <item name="account.1.call.callLog">Disable</item>
  {{/HOT_DESK}}
  {{#DEDICATED}}
  <item name="account.1.call.callLog">All</item>
  {{/DEDICATED}}
  <item name="account.1.codec.choice.1">{{CODEC_CHOICE_1}}</item>
  <item name="account.1.codec.choice.2">{{CODEC_CHOICE_2}}</item>
  <item name="account.1.codec.choice.3">{{CODEC_CHOICE_3}}</item>
  <item name="account.1.codec.choice.4">{{CODEC_CHOICE_4}}</item>
  <item name="account.1.codec.choice.5">{{CODEC_CHOICE_5}}</item>
  <item name="account.1.codec.choice.6">{{CODEC_CHOICE_6}}</item>
  <item name="account.1.codec.choice.7">{{CODEC_CHOICE_7}}</item>
  <item name="account.1.codec.choice.8">{{CODEC_CHOICE_8}}</item>
  {{#UNUSED_ACCOUNT}}
  <item name="account.{{INDEX}}.enable">No</item>
  <item name="account.{{INDEX}}.name"></item>
  <item name="account.{{INDEX}}.sip.subscriber.name"></item>
  <item name="account.{{INDEX}}.sip.userid"></item>
  <item name="account.{{INDEX}}.sip.subscriber.userid"></item>
  <item name="account.{{INDEX}}.sip.subscriber.password"></item>
  <item name="account.{{INDEX}}.sip.server.1.address"></item>
  <item name="account.{{INDEX}}.sip.outboundProxy.1.address"></item>
  <item name="account.{{INDEX}}.sip.voicemail.number"></item>
  {{/UNUSED_ACCOUNT}}
  {{! A virtual key that is left out takes those behind it away, so that all are here. Physical ones can't be lines. }}
  {{#KEY}}
  {{#VIRTUAL_KEY}}
  <item name="pks.vpk.{{INDEX_OF_KIND}}.keyMode">{{#SPEED_DIAL}}SpeedDial{{/SPEED_DIAL}}{{#BLF}}BLF{{/BLF}}{{#LINE}}Line{{/LINE}}{{#NONE}}None{{/NONE}}</item>
  <item name="pks.vpk.{{INDEX_OF_KIND}}.account">0</item>
  <item name="pks.vpk.{{INDEX_OF_KIND}}.description">{{KEY_LABEL}}</item>
  <item name="pks.vpk.{{INDEX_OF_KIND}}.value">{{VALUE}}</item>
  {{/VIRTUAL_KEY}}
  {{#PHYSICAL_KEY}}
  <item name="pks.mpk.{{INDEX_OF_KIND}}.keyMode">{{#SPEED_DIAL}}SpeedDial{{/SPEED_DIAL}}{{#BLF}}BLF{{/BLF}}{{#LINE}}None{{/LINE}}{{#NONE}}None{{/NONE}}</item>
  <item name="pks.mpk.{{INDEX_OF_KIND}}.account">Account1</item>
  <item name="pks.mpk.{{INDEX_OF_KIND}}.description">{{KEY_LABEL}}</item>
  <item name="pks.mpk.{{INDEX_OF_KIND}}.value">{{VALUE}}</item>
  {{/PHYSICAL_KEY}}
  {{/KEY}}
  {{#MODULE_KEY}}
  <item name="pks.ext.{{INDEX}}.keyMode">{{#SPEED_DIAL}}SpeedDial{{/SPEED_DIAL}}{{#BLF}}BLF{{/BLF}}{{#NONE}}None{{/NONE}}</item>
  <item name="pks.ext.{{INDEX}}.account">Account1</item>
  <item name="pks.ext.{{INDEX}}.description">{{KEY_LABEL}}</item>
  <item name="pks.ext.{{INDEX}}.value">{{VALUE}}</item>
  {{/MODULE_KEY}}
  {{! Below the screen: the phone's own. }}
  {{#SOFT_KEY}}
  <item name="pks.softkey.{{INDEX}}.keyMode">Default</item>
  <item name="pks.softkey.{{INDEX}}.account">0</item>
  <item name="pks.softkey.{{INDEX}}.description"></item>
  <item name="pks.softkey.{{INDEX}}.value"></item>
  {{/SOFT_KEY}}
  <item name="provisioning.config.protocol">HTTP</item>
  <item name="provisioning.config.serverPath">{{URL_PATH}}</item>
  <item name="provisioning.auto.mode">YesUpgradeMin</item>
  <item name="provisioning.auto.minute">60</item>
  <item name="provisioning.3cxAutoProvision">No</item>
  {{! Its firmware's name it knows by itself; it looks for it as it boots, in its turn alone. }}
  <item name="provisioning.firmware.checkCondition">{{#FIRMWARE_ON}}AlwaysCheck{{/FIRMWARE_ON}}{{#FIRMWARE_OFF}}SkipCheck{{/FIRMWARE_OFF}}</item>
  <item name="provisioning.firmware.protocol">HTTP</item>
  <item name="provisioning.firmware.serverPath">{{URL_PATH}}</item>
  <item name="provisioning.firmware.confirm.enable">No</item>
  <item name="provisioning.firmware.filePrefix"></item>
  <item name="provisioning.firmware.filePostfix"></item>
  <item name="tr069.enable">No</item>
  <item name="provisioning.override.dhcp.allowCommonOptions">No</item>
  {{#NTP_ON}}
  <item name="dateTime.ntp.server.1">{{NTP}}</item>
  {{/NTP_ON}}
  <item name="dateTime.override.dhcp.allowOption2">No</item>
  <item name="dateTime.timezone">{{TIME_ZONE_NAME}}</item>
  <item name="dateTime.timezone.custom">{{TIME_ZONE}}</item>
  <item name="keys.lock.enable">No</item>
  <item name="keys.lock.emergency">{{EMERGENCY}}</item>
  {{! The second log-in sees the account. }}
  <item name="security.webAccess.user.enable">No</item>
  <item name="language.gui">{{LANGUAGE}}</item>
  {{#ADMIN_PASSWORD_ON}}
  <item name="users.admin.password">{{ADMIN_PASSWORD}}</item>
  <item name="users.user.password">{{ADMIN_PASSWORD}}</item>
  {{/ADMIN_PASSWORD_ON}}
 </config>
{{/ALIASES}}
{{#P_VALUES}}
 <config version="1">
  <P271>1</P271>
  <P270>{{LABEL}}</P270>
  <P3>{{DISPLAY_NAME}}</P3>
  <P35>{{USER}}</P35>
  <P36>{{AUTH_USER}}</P36>
  <P34>{{PASSWORD}}</P34>
  <P47>{{DOMAIN}}</P47>
  <P2312></P2312>
  <P48>{{PROXY}}:{{PROXY_PORT}}</P48>
  <P130>{{TRANSPORT_NUMBER}}</P130>
  <P31>1</P31>
  <P32>{{EXPIRES_MINUTES}}</P32>
  <P81>0</P81>
  <P183>{{#SRTP_OFF}}0{{/SRTP_OFF}}{{#SRTP_OPTIONAL}}1{{/SRTP_OPTIONAL}}{{#SRTP_REQUIRED}}2{{/SRTP_REQUIRED}}</P183>
  <P2301>0</P2301>
  <P2302>1</P2302>
  <P2303>0</P2303>
  <P33>{{VOICEMAIL}}</P33>
  <P99>{{MWI}}</P99>
  <P1347>{{PICKUP}}</P1347>
  <P290>{ [*x]+ | \+x+ }</P290>
  <P191>0</P191>
  <P1565>2</P1565>
  {{#HOT_DESK}}
  <P182>2</P182>
  {{/HOT_DESK}}
  {{#DEDICATED}}
  <P182>0</P182>
  {{/DEDICATED}}
  <P57>{{CODEC_NUMBER_1}}</P57>
  <P58>{{CODEC_NUMBER_2}}</P58>
  <P59>{{CODEC_NUMBER_3}}</P59>
  <P60>{{CODEC_NUMBER_4}}</P60>
  <P61>{{CODEC_NUMBER_5}}</P61>
  <P62>{{CODEC_NUMBER_6}}</P62>
  <P46>{{CODEC_NUMBER_7}}</P46>
  {{#GXP17}}
  <P98>{{CODEC_NUMBER_8}}</P98>
  <P6752>0</P6752>
  {{/GXP17}}
  {{#UNUSED_ACCOUNT}}
  <P{{ACTIVE_P}}>0</P{{ACTIVE_P}}>
  <P{{SERVER_P}}></P{{SERVER_P}}>
  <P{{PROXY_P}}></P{{PROXY_P}}>
  <P{{USER_P}}></P{{USER_P}}>
  <P{{AUTH_USER_P}}></P{{AUTH_USER_P}}>
  <P{{PASSWORD_P}}></P{{PASSWORD_P}}>
  <P{{NAME_P}}></P{{NAME_P}}>
  <P{{LABEL_P}}></P{{LABEL_P}}>
  <P{{VOICEMAIL_P}}></P{{VOICEMAIL_P}}>
  {{/UNUSED_ACCOUNT}}
  {{! Scales. Line keys of GXP16xx: 0 line, 10 speed dial; no lamps. Virtual keys of GXP17xx: -1 none, 0 line, 10, 11 BLF; behind the fixed ones -1, 0 speed dial, 1 BLF. Physical: 0 speed dial, 1 BLF. }}
  {{#KEY}}
  {{#VIRTUAL_KEY}}
  {{#FIXED_KEY}}
  <P{{MODE_P}}>{{#SPEED_DIAL}}10{{/SPEED_DIAL}}{{#BLF}}{{#GXP16}}10{{/GXP16}}{{#GXP17}}11{{/GXP17}}{{/BLF}}{{#LINE}}0{{/LINE}}{{#NONE}}{{#GXP16}}0{{/GXP16}}{{#GXP17}}-1{{/GXP17}}{{/NONE}}</P{{MODE_P}}>
  {{/FIXED_KEY}}
  {{#DYNAMIC_KEY}}
  <P{{MODE_P}}>{{#SPEED_DIAL}}0{{/SPEED_DIAL}}{{#BLF}}1{{/BLF}}{{#NONE}}-1{{/NONE}}</P{{MODE_P}}>
  {{/DYNAMIC_KEY}}
  {{/VIRTUAL_KEY}}
  {{#PHYSICAL_KEY}}
  <P{{MODE_P}}>{{#SPEED_DIAL}}0{{/SPEED_DIAL}}{{#BLF}}1{{/BLF}}{{#LINE}}0{{/LINE}}{{#NONE}}0{{/NONE}}</P{{MODE_P}}>
  {{/PHYSICAL_KEY}}
  <P{{ACCOUNT_P}}>0</P{{ACCOUNT_P}}>
  <P{{LABEL_P}}>{{KEY_LABEL}}</P{{LABEL_P}}>
  <P{{VALUE_P}}>{{VALUE}}</P{{VALUE_P}}>
  {{/KEY}}
  {{! Below the screen: the phone's own; GXP16xx have one, GXP17xx two. }}
  {{#GXP16}}
  <P2987>0</P2987>
  <P2988>0</P2988>
  <P2989></P2989>
  <P2990></P2990>
  {{/GXP16}}
  {{#GXP17}}
  <P2987>0</P2987>
  <P2988>0</P2988>
  <P2989></P2989>
  <P2990></P2990>
  <P2991>0</P2991>
  <P2992>0</P2992>
  <P2993></P2993>
  <P2994></P2994>
  {{/GXP17}}
  <P212>1</P212>
  <P237>{{URL_PATH}}</P237>
  <P194>1</P194>
  <P193>60</P193>
  <P1414>0</P1414>
  <P238>{{#FIRMWARE_ON}}0{{/FIRMWARE_ON}}{{#FIRMWARE_OFF}}2{{/FIRMWARE_OFF}}</P238>
  {{#GXP16}}
  <P8375>0</P8375>
  {{/GXP16}}
  {{#GDMS}}
  <P1409>0</P1409>
  {{/GDMS}}
  <P6767>1</P6767>
  <P192>{{URL_PATH}}</P192>
  <P232></P232>
  <P233></P233>
  <P145>0</P145>
  {{#NTP_ON}}
  <P30>{{NTP}}</P30>
  {{/NTP_ON}}
  <P143>0</P143>
  <P64>{{TIME_ZONE_NAME}}</P64>
  <P246>{{TIME_ZONE}}</P246>
  <P1362>{{LANGUAGE}}</P1362>
  <P1382>0</P1382>
  {{#ADMIN_PASSWORD_ON}}
  <P2>{{ADMIN_PASSWORD}}</P2>
  <P196>{{ADMIN_PASSWORD}}</P196>
  {{/ADMIN_PASSWORD_ON}}
 </config>
{{/P_VALUES}}
</gs_provision>
