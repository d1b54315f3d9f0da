import type { CrmConfiguration } from './crm-types';
import { escapeXml } from './xml-reading';

const contracts = 'http://schemas.microsoft.com/xrm/2011/Contracts';
const services = `${contracts}/Services`;

/**
 * Organization.svc?wsdl (and ?wsdl=wsdl0): only what clients read before they sign in, the authentication policy with the name of the
 * security token service as the configuration holds it (field guide §5.3).
 */
export function organizationWsdl(configuration: CrmConfiguration, serviceUrl: string): string {
  const { claimsEnabled, sts } = configuration;
  const tokenService =
    claimsEnabled && sts ? `<ms-xrm:SecureTokenService><ms-xrm:Identifier>${escapeXml(sts.issuerName)}</ms-xrm:Identifier></ms-xrm:SecureTokenService>` : '';
  const url = escapeXml(serviceUrl);
  return (
    `<?xml version="1.0" encoding="utf-8"?>` +
    `<wsdl:definitions name="OrganizationService" targetNamespace="${services}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:tns="${services}" ` +
    `xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" ` +
    `xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">` +
    `<wsp:Policy wsu:Id="CustomBinding_IOrganizationService_policy"><wsp:ExactlyOne><wsp:All>` +
    `<ms-xrm:AuthenticationPolicy xmlns:ms-xrm="${services}">` +
    `<ms-xrm:Authentication>${claimsEnabled ? 'Federation' : 'ActiveDirectory'}</ms-xrm:Authentication>${tokenService}` +
    `</ms-xrm:AuthenticationPolicy></wsp:All></wsp:ExactlyOne></wsp:Policy>` +
    `<wsdl:portType name="IOrganizationService"><wsdl:operation name="Execute"/></wsdl:portType>` +
    `<wsdl:binding name="CustomBinding_IOrganizationService" type="tns:IOrganizationService">` +
    `<wsp:PolicyReference URI="#CustomBinding_IOrganizationService_policy"/><soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/></wsdl:binding>` +
    `<wsdl:service name="OrganizationService"><wsdl:port name="CustomBinding_IOrganizationService" binding="tns:CustomBinding_IOrganizationService">` +
    `<soap12:address location="${url}"/></wsdl:port></wsdl:service></wsdl:definitions>`
  );
}
