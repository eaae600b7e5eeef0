package store

// jobStatements are those about background work.
var jobStatements = map[string]string{
	"listJobs": joined(listJobs, inJobStates, ofJobKind, inQueue, newestJobs, upTo), "jobByID": jobByID, "readQueues": readQueues, "retryJob": retryJob,
	"pauseQueue": pauseQueue, "resumeQueue": resumeQueue, "keepPauses": keepPauses, "freeChores": freeChores,
	"contactOf": contactOf, "allContacts": allContacts, "setContact": setContact, "takeEmail": takeEmail,
	"queueOverdue": queueOverdue, "queuePromises": queuePromises, "queueDigests": queueDigests, "claimReminder": claimReminder, "endReminder": endReminder, "lapseReminders": lapseReminders,
	"nextReminder": nextReminder, "setEmailFault": setEmailFault, "dropOldReminders": dropOldReminders, "remindedIncidents": remindedIncidents, "remindersAstray": remindersAstray,
}
