package document

// Template is an empty postmortem in our own form, for an editor. Its hints are
// left out on reading; a section that stays empty is as if it were not there.
const Template = `---
# Every part that a record has. The editor opens on it unless you choose another.
# Only the title is needed. What stands after a # here, and every <!-- hint --> below, is left out.
# Times: 2013-07-18 02:42, ~2013-07-18 02:42 (about), 2013-07-18 (a day), 2013-07-18 02:42 UTC, unknown
title: ""
kind: incident         # or near_miss, maintenance
severity:              # sev1 (the worst) to sev4
status: resolved       # or investigating, identified, monitoring
zone: UTC              # times without a zone are told in this one, such as America/Los_Angeles
tags: []               # such as [billing, redis]
people:
#  - commander: Their name
milestones:
  triggered:           # what set it off
  started:             # users begin to be hurt
  detected:
  acknowledged:
  mitigated:           # users are no longer hurt
  resolved:
sources: []            # links to what this is made from
public_title:          # what outsiders may read, if they ever shall
debrief:
---

## Summary

<!-- hint: What broke, whom it hurt, how it ended. Three sentences are enough. -->

## Background

<!-- hint: What a reader must know first. -->

## Public summary

<!-- hint: For customers, when this is to be published. -->

## Timeline

<!-- hint: A time alone belongs to the day of the row above. A range is 02:42 – 03:10.
Kind: trigger, impact, detection, escalation, action, decision, communication, observation or recovery.
Audience: public, internal or private; empty is internal. -->

| Time | Kind | What happened | Actor | Audience |
| --- | --- | --- | --- | --- |
|  |  |  |  |  |

## Impact

<!-- hint: One heading for each component that was hurt.

### Billing

- Kind: correctness (or availability, performance, delay, data_loss, security, cost)
- Level: major_outage (or partial_outage, degraded_performance)
- From: 2013-07-18 03:28
- Until: 2013-07-18 09:00
- Figure: customers affected: 1.4 %
- Audience: public

Cards were charged several times.
-->

## Causes

### Trigger

### Technical cause

### Process cause

<!-- hint: What let it happen: a missing check, a habit, a rule. Systems, not culprits. -->

### Whys

<!-- hint: The numbers after evidence are rows of the timeline.

1. Why were cards charged again? {public; evidence: 2, 3}

   Because: the charge came before the balance update, which failed.
-->

### Contributing factors

<!-- hint: - Restarting was the habit. {likely; category: process} -->

## Lessons

### What went well

### What went wrong

### Where we got lucky

## Messages

<!-- hint: What people were told: status_page, email, blog, forum, social or support.

### email, 2013-07-18 12:00

- Author: Ana
- Role: support
- Audience: public

We are sorry.
-->

## Actions

<!-- hint: Kinds: prevent, detect, mitigate, process, document.

- [ ] Make auto-recharge fail safe {prevent; high; owner: Ana; due: 2013-08-01; public}
-->
`
