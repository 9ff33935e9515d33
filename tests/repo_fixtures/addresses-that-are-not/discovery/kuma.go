package discovery

const resourceType = "type.googleapis.com/kuma.observability.v1.MonitoringAssignment"
