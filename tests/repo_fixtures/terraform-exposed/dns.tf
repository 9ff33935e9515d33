resource "cloudflare_record" "www" {
  zone_id = var.zone
  name    = "www"
  type    = "CNAME"
  content = "portal.azurewebsites.net"
}
