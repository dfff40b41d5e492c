package io.github.crmsync.sandbox.dynamics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.olingo.commons.api.edm.FullQualifiedName;
import org.apache.olingo.commons.api.edm.provider.CsdlAnnotation;
import org.apache.olingo.commons.api.edm.provider.CsdlEntitySet;
import org.apache.olingo.commons.api.edm.provider.CsdlTerm;
import org.apache.olingo.commons.api.edm.provider.annotation.CsdlConstantExpression;
import org.apache.olingo.commons.api.edm.provider.annotation.CsdlPropertyValue;
import org.apache.olingo.commons.api.edm.provider.annotation.CsdlRecord;
import org.apache.olingo.commons.api.format.ContentType;
import org.apache.olingo.server.api.OData;
import org.apache.olingo.server.api.serializer.SerializerException;

/** The metadata document (CSDL). */
final class MetadataDocument {
    private static final String CHANGE_TRACKING = "Org.OData.Capabilities.V1.ChangeTracking";

    private MetadataDocument() {}

    /**
     * Writes the document.
     *
     * @param annotations whether entity sets say that their changes can be tracked
     */
    static byte[] write(Organization organization, boolean annotations) {
        EdmModel model = annotations ? new Annotated(organization) : new EdmModel(stores(organization), List.of());
        OData odata = OData.newInstance();
        try {
            return odata.createSerializer(ContentType.APPLICATION_XML)
                    .metadataDocument(odata.createServiceMetadata(model, List.of()))
                    .getContent()
                    .readAllBytes();
        } catch (SerializerException e) {
            throw new IllegalStateException("The metadata document cannot be written", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static java.util.Collection<RowStore> stores(Organization organization) {
        return organization.model().stores();
    }

    private static final class Annotated extends EdmModel {
        private final Organization organization;

        Annotated(Organization organization) {
            super(stores(organization), List.of());
            this.organization = organization;
        }

        @Override
        public CsdlTerm getTerm(FullQualifiedName name) {
            return new CsdlTerm().setName(name.getName()).setType("Edm.Boolean");
        }

        @Override
        public CsdlEntitySet getEntitySet(FullQualifiedName container, String name) {
            CsdlEntitySet set = super.getEntitySet(container, name);
            RowStore store = organization.model().inSet(name);
            if (set != null && store != null && organization.tracking(store.table())) {
                CsdlPropertyValue supported = new CsdlPropertyValue()
                        .setProperty("Supported")
                        .setValue(
                                new CsdlConstantExpression(CsdlConstantExpression.ConstantExpressionType.Bool, "true"));
                set.setAnnotations(List.of(new CsdlAnnotation()
                        .setTerm(CHANGE_TRACKING)
                        .setExpression(new CsdlRecord().setPropertyValues(List.of(supported)))));
            }
            return set;
        }
    }
}
