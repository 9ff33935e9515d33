param location string = 'francecentral'
// resource old 'Microsoft.Web/sites@2020-01-01' = {}
resource store 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: 'x'
  location: location
}
