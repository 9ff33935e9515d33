module app 'br:town.azurecr.io/bicep/app:v1' = {
  name: 'app'
}
